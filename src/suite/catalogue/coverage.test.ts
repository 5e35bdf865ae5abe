import { expect } from 'chai';
import type { Role } from '../language/case.js';
import { type CitingCase, lintCoverage, measureCoverage } from './coverage.js';
import { printProblem } from './problem.js';
import { parseRequirements } from './requirement.js';

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
    ].join(''),
  },
  { file: 'retired.yaml', text: '- {id: A-1-09, reason: It said the same as A-1-01., heirs: [A-1-01]}\n' },
]);

const citing = (authoredId: string, requirements: string[], role: Role = 'server', suffix = ''): CitingCase => ({
  id: authoredId + suffix,
  authoredId,
  requirements,
  role,
  profiles: ['tcp'],
  origin: { file: `${authoredId}.yaml`, line: 1, column: 3 },
});

describe('coverage', () => {
  const cases = [
    citing('x', ['A-1-02', 'A-1-01'], 'server', '.ip4'),
    citing('x', ['A-1-02', 'A-1-01'], 'server', '.ip6'),
    citing('b', ['A-1-01']),
  ];
  const coverage = measureCoverage(register, cases);

  it('starts from a register in order', () => expect(register.problems).to.deep.equal([]));

  const standings: [id: string, standing: string, cases: string[]][] = [
    ['A-1-01', 'tested', ['b', 'x']],
    ['A-1-02', 'tested', ['x']],
    ['A-1-03', 'open', []],
    ['A-1-04', 'excused', []],
  ];
  for (const [id, standing, by] of standings) {
    it(`${id} is ${standing}`, () => {
      const found = coverage.byRequirement.find(({ requirement }) => requirement.id === id);
      expect([found?.standing, found?.cases]).to.deep.equal([standing, by]);
    });
  }

  it('counts expansions of a case, and what it cites', () => {
    expect(coverage.byCase).to.deep.equal([
      { case: 'x', expansions: 2, requirements: ['A-1-02', 'A-1-01'] },
      { case: 'b', expansions: 1, requirements: ['A-1-01'] },
    ]);
  });

  const tallies: [by: 'bySource' | 'byLevel' | 'byRole' | 'byProfile' | 'byBasis', name: string, tally: number[]][] = [
    ['bySource', 'RFC 9293', [3, 1, 1, 1]],
    ['bySource', 'RFC 8684', [1, 1, 0, 0]],
    ['byLevel', 'MUST', [3, 1, 1, 1]],
    ['byLevel', 'SHOULD', [1, 1, 0, 0]],
    ['byLevel', 'MAY', [0, 0, 0, 0]],
    ['byRole', 'client', [2, 1, 1, 0]],
    ['byRole', 'server', [3, 2, 0, 1]],
    ['byProfile', 'mptcp-v1', [1, 1, 0, 0]],
    ['byBasis', 'indicative', [4, 2, 1, 1]],
  ];
  for (const [by, name, [requirements, tested, open, excused]] of tallies) {
    it(`${by} ${name}: ${requirements} requirements, ${tested} tested, ${open} open, ${excused} excused`, () => {
      expect(coverage[by].find((each) => each.name === name)).to.deep.equal({
        name,
        requirements,
        tested,
        open,
        excused,
      });
    });
  }
});

describe('the lint of cases against the register', () => {
  const whole = ['A-1-01', 'A-1-02', 'A-1-03'];
  const table: [name: string, cases: CitingCase[], strict: boolean, ...problems: string[]][] = [
    ['accepts a case that stands on something', [citing('x', ['A-1-01'])], false],
    ['refuses a case that stands on nothing', [citing('x', [])], false, 'x.yaml:1:3: x: cites no requirement'],
    [
      'refuses an unknown id, once for all expansions',
      [citing('x', ['A-1-1'], 'server', '.4'), citing('x', ['A-1-1'], 'server', '.6')],
      false,
      'x.yaml:1:3: x: the requirement A-1-1 is not known, did you mean "A-1-01"?',
    ],
    [
      'refuses a retired id',
      [citing('x', ['A-1-09'])],
      false,
      'x.yaml:1:3: x: the requirement A-1-09 is retired: It said the same as A-1-01.; use A-1-01',
    ],
    ['accepts open requirements', [], false],
    [
      'refuses open requirements when strict',
      [citing('x', ['A-1-01', 'A-1-02'])],
      true,
      'r.yaml:3:3: no case cites A-1-03; write one, or say under testable why packets cannot show it',
    ],
    [
      'refuses a case in the wrong role when strict',
      [citing('x', whole), citing('y', ['A-1-03'])],
      true,
      'y.yaml:1:3: y: tests the server, but everything it cites is for the other role',
    ],
    [
      'accepts a requirement on both ends in either role',
      [citing('x', whole), citing('y', ['A-1-02'], 'client')],
      true,
    ],
    ['accepts a wrong role when not strict', [citing('y', ['A-1-03'])], false],
  ];
  for (const [name, cases, strict, ...problems] of table) {
    it(name, () => {
      expect(lintCoverage(register, cases, { strict }).map(printProblem)).to.deep.equal(problems);
    });
  }
});
