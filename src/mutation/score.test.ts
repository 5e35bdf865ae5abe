/** The score of a report: what counts, what does not, and where survivors are. */
import type { schema } from '@stryker-mutator/api/core';
import { expect } from 'chai';
import { noPacketChanged, scoreOf, sumOf, survivorsOf, tallyByFolder } from './score.js';

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

const report = (files: Readonly<Record<string, readonly schema.MutantResult[]>>): schema.MutationTestResult => ({
  schemaVersion: '2',
  thresholds: { high: 95, low: 85 },
  files: Object.fromEntries(
    Object.entries(files).map(([file, mutants]) => [
      file,
      { language: 'typescript', source: 'first\nif (a &&\n    b) then\n', mutants: [...mutants] },
    ]),
  ),
});

const given = report({
  'src/tcp/b.ts': [mutant('Killed'), mutant('Killed'), mutant('Killed'), mutant('Survived')],
  'src/tcp/a.ts': [mutant('RuntimeError', `${noPacketChanged} in 3 exercises`), mutant('Timeout')],
  'src/client/c.ts': [mutant('NoCoverage'), mutant('Ignored')],
});

describe('the score of mutants', () => {
  const tallies = tallyByFolder(given);

  it('is told folder by folder', () => {
    expect([...tallies]).to.deep.equal([
      ['src/client', { killed: 0, survived: 0, unchanged: 0, unreached: 1, broken: 0 }],
      ['src/tcp', { killed: 3, survived: 1, unchanged: 1, unreached: 0, broken: 1 }],
    ]);
  });

  it('counts what changed packets and nothing else', () => {
    expect(scoreOf(sumOf(tallies.values()))).to.equal(75);
  });

  it('is none where nothing counts', () => {
    expect(scoreOf({ killed: 0, survived: 0, unchanged: 9, unreached: 9, broken: 0 })).to.equal(undefined);
  });

  it('names the survivors with what stood there', () => {
    expect(survivorsOf(given)).to.deep.equal([
      {
        file: 'src/tcp/b.ts',
        line: 2,
        column: 5,
        mutator: 'ConditionalExpression',
        was: 'a && b',
        became: 'false',
      },
    ]);
  });
});
