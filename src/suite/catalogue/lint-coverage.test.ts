import { expect } from 'chai';
import type { IpVersion, Role } from '../language/case.js';
import type { Step } from '../language/step.js';
import type { CitingCase } from './coverage.js';
import { lintCoverage } from './lint-coverage.js';
import { printProblem } from './problem.js';
import { parseRequirements } from './requirement.js';

const entry = (id: string, { role = 'server', testable = 'wire', at = '', untried = '' } = {}) =>
  `- {id: ${id}, source: {doc: RFC 9293, section: '1'${at}}, level: MUST, basis: indicative, role: ${role}, profiles: [tcp], topic: t, statement: A sentence that is long enough., testable: ${testable}${untried}}\n`;

const reading = (requirements: string, sentences = '[]') => {
  const register = parseRequirements([
    { file: 'r.yaml', text: requirements },
    { file: 'retired.yaml', text: '- {id: A-1-09, reason: It said the same as A-1-01., heirs: [A-1-01]}\n' },
    { file: 'sentences.yaml', text: sentences },
  ]);
  expect(register.problems).to.deep.equal([]);
  return register;
};

const cited = (name: string, requirements: string[], role: Role, ip: IpVersion): CitingCase => ({
  id: `${name}.ip${ip}`,
  authoredId: name,
  requirements,
  role,
  ip,
  profiles: ['tcp'],
  origin: { file: `${name}.yaml`, line: 1, column: 3 },
});

/** Over both IP versions. */
const citing = (name: string, requirements: string[], role: Role = 'server'): CitingCase[] =>
  ([4, 6] as const).map((ip) => cited(name, requirements, role, ip));

const register = [
  entry('A-1-01'),
  entry('A-1-02', { role: 'both' }),
  entry('A-1-03', { role: 'client' }),
  entry('A-1-04', { testable: '{no: nobody sees it}' }),
].join('');
const recommended = register + entry('A-1-05').replace('MUST', 'SHOULD');
const whole = [...citing('x', ['A-1-01', 'A-1-02']), ...citing('y', ['A-1-02', 'A-1-03'], 'client')];

const hard: Step = {
  step: 'silence',
  counted: [],
  title: 'silence',
  on: [{ name: '1', path: 1 }],
  for: 1n,
  origin: { file: 'x.yaml', line: 9, column: 7 },
};

describe('the lint of cases against the register', () => {
  const table: [name: string, cases: CitingCase[], ...problems: string[]][] = [
    ['accepts a case that stands on something', citing('x', ['A-1-01'])],
    ['refuses a case that stands on nothing', citing('x', []), 'x.yaml:1:3: x: cites no requirement'],
    [
      'refuses an unknown id, once for all expansions',
      citing('x', ['A-1-1']),
      'x.yaml:1:3: x: the requirement A-1-1 is not known, did you mean "A-1-01"?',
    ],
    [
      'refuses a retired id',
      citing('x', ['A-1-09']),
      'x.yaml:1:3: x: the requirement A-1-09 is retired: It said the same as A-1-01.; use A-1-01',
    ],
    [
      'refuses a requirement that packets cannot show',
      citing('x', ['A-1-04']),
      'x.yaml:1:3: x: packets cannot show whether A-1-04 is kept: nobody sees it',
    ],
    [
      'refuses a failure that rests on a recommendation alone',
      citing('x', ['A-1-05']).map((each) => ({ ...each, steps: [hard] })),
      'x.yaml:1:3: x: fails hard, and nothing it cites is a duty (A-1-05: SHOULD); cite the MUST that its hard steps rest on, grade the others',
    ],
    [
      'accepts a recommendation beside a duty',
      citing('x', ['A-1-05', 'A-1-01']).map((each) => ({ ...each, steps: [hard] })),
    ],
    [
      'accepts a recommendation whose steps fail nothing',
      citing('x', ['A-1-05']).map((each) => ({
        ...each,
        steps: [{ step: 'wait', title: 'wait', for: 1n, origin: each.origin }],
      })),
    ],
    ['accepts open requirements', []],
    ['accepts a wrong role', citing('y', ['A-1-03'])],
  ];
  for (const [name, cases, ...problems] of table) {
    it(name, () => {
      expect(lintCoverage(reading(recommended), cases, { strict: false }).map(printProblem)).to.deep.equal(problems);
    });
  }
});

describe('the strict lint', () => {
  const table: [name: string, requirements: string, cases: CitingCase[], ...problems: string[]][] = [
    ['accepts a register of which all is asked everywhere', register, whole],
    [
      'names what is open',
      register,
      whole.filter(({ role }) => role === 'server'),
      'r.yaml:2:3: A-1-02 is not tried with: client; try it, or say under untried why not',
      'r.yaml:3:3: A-1-03 is open: no case cites it and no rule watches it; or say under testable why packets cannot show it',
    ],
    [
      'names the IP version in which nothing tries it',
      entry('A-1-01'),
      citing('x', ['A-1-01']).slice(0, 1),
      'r.yaml:1:3: A-1-01 is not tried with: server over IPv6; try it, or say under untried why not',
    ],
    [
      'takes a reason',
      entry('A-1-01', { role: 'both', untried: ', untried: [{role: client, reason: it has no such thing}]' }),
      citing('x', ['A-1-01']),
    ],
    [
      'refuses a reason that holds no longer',
      entry('A-1-01', { untried: ', untried: [{ip: 6, reason: it was too far}]' }),
      citing('x', ['A-1-01']),
      'r.yaml:1:3: A-1-01 is tried, so under untried this holds no longer: it was too far',
    ],
    [
      'refuses a case in the wrong role',
      register,
      [...whole, ...citing('z', ['A-1-03'])],
      'z.yaml:1:3: z: tests the server, but everything it cites is for the other role',
    ],
  ];
  for (const [name, requirements, cases, ...problems] of table) {
    it(name, () => {
      expect(lintCoverage(reading(requirements), cases, { strict: true }).map(printProblem)).to.deep.equal(problems);
    });
  }

  it('counts what a rule watches', () => {
    const rule = { id: 'r', requirements: ['A-1-01'], roles: ['client', 'server'] as const, versions: [] };
    expect(lintCoverage(reading(entry('A-1-01', { role: 'both' })), [], { strict: true }, [rule])).to.deep.equal([]);
  });

  it('names the sentences that no requirement reads', () => {
    const sentences = "- {doc: RFC 9293, by: keyword, sections: {'1': [MUST, MUST MAY, SHOULD]}}\n";
    const read = reading(entry('A-1-01', { at: ', at: [1, 2]' }), sentences);
    expect(lintCoverage(read, citing('x', ['A-1-01']), { strict: true }).map(printProblem)).to.deep.equal([
      'sentences.yaml:1:65: no requirement stands on RFC 9293 1 #3 (SHOULD)',
    ]);
  });
});
