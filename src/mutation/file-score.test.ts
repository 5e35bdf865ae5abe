/** What Stryker says of mutants: what counts, what does not, and where survivors are. */
import type { schema } from '@stryker-mutator/api/core';
import { expect } from 'chai';
import { scoreLines, scoreOf, sumOf, survivorLines, tallyByFolder } from '../cli/mutation/mutation-score.js';
import { noPacketChanged, scoreOfFile } from './file-score.js';

let ids = 0;
const mutant = (status: schema.MutantStatus, statusReason?: string): schema.MutantResult => {
  ids += 1;
  return {
    id: String(ids),
    mutatorName: 'ConditionalExpression',
    replacement: 'false',
    location: { start: { line: 2, column: 5 }, end: { line: 3, column: 6 } },
    status,
    ...(statusReason === undefined ? {} : { statusReason }),
  };
};

const source = 'first\nif (a &&\n    b) then\n';
const scores = new Map([
  ['src/tcp/b.ts', scoreOfFile(source, [mutant('Killed'), mutant('Killed'), mutant('Killed'), mutant('Survived')])],
  ['src/tcp/a.ts', scoreOfFile(source, [mutant('RuntimeError', `${noPacketChanged} in 3`), mutant('Timeout')])],
  ['src/client/c.ts', scoreOfFile(source, [mutant('NoCoverage'), mutant('Ignored')])],
]);

describe('the score of mutants', () => {
  const tallies = tallyByFolder(scores);

  it('is told folder by folder', () => {
    expect([...tallies]).to.deep.equal([
      ['src/client', { killed: 0, survived: 0, unchanged: 0, unreached: 1, broken: 0 }],
      ['src/tcp', { killed: 3, survived: 1, unchanged: 1, unreached: 0, broken: 1 }],
    ]);
    expect(scoreLines(scores).at(-1)).to.equal('75.0 % of the mutants that change packets are killed (3 of 4).');
  });

  it('counts what changed packets and nothing else', () => {
    expect(scoreOf(sumOf(tallies.values()))).to.equal(75);
  });

  it('is none where nothing counts', () => {
    expect(scoreOf({ killed: 0, survived: 0, unchanged: 9, unreached: 9, broken: 0 })).to.equal(undefined);
  });

  it('names the survivors with what stood there', () => {
    const score = scores.get('src/tcp/b.ts');
    expect(score === undefined ? [] : survivorLines('src/tcp/b.ts', score)).to.deep.equal([
      '  src/tcp/b.ts:2:5 ConditionalExpression',
      '    - a && b',
      '    + false',
    ]);
  });
});
