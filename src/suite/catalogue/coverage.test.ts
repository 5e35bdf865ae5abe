import { expect } from 'chai';
import type { Role } from '../language/case.js';
import { type CitingCase, measureCoverage, type WatchingRule } from './coverage.js';
import { parseRequirements } from './requirement.js';
import { printSetting } from './trials.js';

const entry = (
  id: string,
  { level = 'MUST', role = 'server', profile = 'tcp', testable = 'wire', doc = 'RFC 9293' } = {},
) =>
  `- {id: ${id}, source: {doc: ${doc}, section: '1'}, level: ${level}, basis: indicative, role: ${role}, profiles: [${profile}], topic: t, statement: A sentence that is long enough., testable: ${testable}}\n`;

const register = parseRequirements([
  {
    file: 'r.yaml',
    text: [
      entry('A-1-01'),
      entry('A-1-02', { level: 'SHOULD', role: 'both', profile: 'mptcp-v1', doc: 'RFC 8684' }),
      entry('A-1-03', { role: 'client', testable: '{partial: half of it}' }),
      entry('A-1-04', { testable: '{no: nobody sees it}' }),
      entry('A-1-05', { role: 'both' }),
    ].join(''),
  },
]);

const citing = (authoredId: string, requirements: string[], role: Role = 'server', suffix = ''): CitingCase => ({
  id: authoredId + suffix,
  authoredId,
  requirements,
  role,
  ip: suffix === '.ip6' ? 6 : 4,
  profiles: ['tcp'],
  origin: { file: `${authoredId}.yaml`, line: 1, column: 3 },
});

describe('coverage', () => {
  const cases = [
    citing('x', ['A-1-02', 'A-1-01'], 'server', '.ip4'),
    citing('x', ['A-1-02', 'A-1-01'], 'server', '.ip6'),
    citing('b', ['A-1-01']),
  ];
  const rules: WatchingRule[] = [
    { id: 'watcher', requirements: ['A-1-01', 'A-1-05', 'A-1-04'], roles: ['client', 'server'], versions: [] },
  ];
  const coverage = measureCoverage(register, cases, rules);

  it('starts from a register in order', () => expect(register.problems).to.deep.equal([]));

  const standings: [id: string, standing: string, cases: string[], rules: string[], missing: string[]][] = [
    ['A-1-01', 'asked', ['b', 'x'], ['watcher'], []],
    ['A-1-02', 'asked', ['x'], [], ['client', 'server of MPTCP v1']],
    ['A-1-03', 'open', [], [], []],
    ['A-1-04', 'hidden', [], ['watcher'], []],
    ['A-1-05', 'watched', [], ['watcher'], []],
  ];
  for (const [id, standing, by, watching, missing] of standings) {
    it(`${id} is ${standing}`, () => {
      const found = coverage.byRequirement.find(({ requirement }) => requirement.id === id);
      expect([found?.standing, found?.cases, found?.rules, found?.tried.missing.map(printSetting)]).to.deep.equal([
        standing,
        by,
        watching,
        missing,
      ]);
    });
  }

  it('counts expansions of a case, and what it cites', () => {
    expect(coverage.byCase).to.deep.equal([
      { case: 'x', expansions: 2, requirements: ['A-1-02', 'A-1-01'] },
      { case: 'b', expansions: 1, requirements: ['A-1-01'] },
    ]);
  });

  const tallies: [by: 'bySource' | 'byLevel' | 'byRole' | 'byProfile' | 'byBasis', name: string, tally: number[]][] = [
    ['bySource', 'RFC 9293', [4, 1, 1, 1, 1]],
    ['bySource', 'RFC 8684', [1, 1, 0, 0, 0]],
    ['byLevel', 'MUST', [4, 1, 1, 1, 1]],
    ['byLevel', 'SHOULD', [1, 1, 0, 0, 0]],
    ['byLevel', 'MAY', [0, 0, 0, 0, 0]],
    ['byRole', 'client', [3, 1, 1, 0, 1]],
    ['byRole', 'server', [4, 2, 1, 1, 0]],
    ['byProfile', 'mptcp-v1', [1, 1, 0, 0, 0]],
    ['byBasis', 'indicative', [5, 2, 1, 1, 1]],
  ];
  for (const [by, name, [requirements, asked, watched, hidden, open]] of tallies) {
    it(`${by} ${name}: ${requirements} requirements, ${asked} asked, ${watched} watched, ${hidden} hidden, ${open} open`, () => {
      expect(coverage[by].find((each) => each.name === name)).to.deep.equal({
        name,
        requirements,
        asked,
        watched,
        hidden,
        open,
      });
    });
  }
});
