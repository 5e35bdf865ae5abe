import { expect } from 'chai';
import type { KillMatrix, KillRow } from '../../run/matrix/kill-matrix.js';
import { idleLines, matrixLines, noticedLines } from './matrix-lines.js';

const mutant = (id: string, killedBy: readonly string[], citedBy: readonly string[]): KillRow => ({
  id,
  requirement: 'ROBE-P1-S-02',
  breaks: 'It does wrong.',
  profile: 'robe-downgrade',
  tried: 2,
  killedBy,
  killedBySteps: killedBy,
  citedBy,
  noticedByRules: [],
});

const matrix: KillMatrix = {
  mutants: [
    mutant('survivor', [], []),
    mutant('noticed', ['a.server.x'], []),
    mutant('cited', ['a.server.y'], ['a.server.y']),
  ],
  idleCases: ['a.server.idle'],
  unprovenCases: ['a.server.x'],
  unprovenRules: ['some-rule'],
  unmetCases: [],
  references: [],
};

/** The ids in the first column of the table. */
const tabled = (lines: Iterable<string>): readonly (string | undefined)[] => {
  const all = [...lines];
  return all.slice(1, all.indexOf('')).map((line) => line.split(' ')[0]);
};

describe('the kill matrix as text', () => {
  it('lists every mutant, and says of a survivor what it does', () => {
    const lines = [...matrixLines(matrix)];
    expect(tabled(lines)).to.deep.equal(['survivor', 'noticed', 'cited']);
    expect(lines).to.include('  survivor (ROBE-P1-S-02): It does wrong. 2 cases met it, all content.');
  });

  it('for somebody who named cases lists only what they notice, what breaks a requirement of theirs first', () => {
    expect(tabled(noticedLines(matrix))).to.deep.equal(['cited', 'noticed']);
  });

  it('names the cases that notice nothing, and those that notice nothing of what they cite', () => {
    for (const lines of [idleLines(matrix), noticedLines(matrix)])
      expect([...lines].join('\n')).to.contain(
        'Cases that no mutant fails:\n  a.server.idle\n\nCases that fail mutants, but none that breaks a requirement they cite:\n  a.server.x\n',
      );
  });
});
