import { expect } from 'chai';
import { printProblem } from './problem.js';
import { parseRequirements, whyNotCitable } from './requirement.js';

const entry = (id: string, extra = ''): string =>
  [
    `- id: ${id}`,
    "  source: {doc: RFC 9293, section: '3.5'}",
    '  level: MUST',
    '  basis: keyword',
    '  role: both',
    '  profiles: [tcp]',
    '  topic: handshake',
    '  statement: A sentence that is long enough to be one.',
    '  testable: wire',
    ...(extra === '' ? [] : [`  ${extra}`]),
    '',
  ].join('\n');

const retiredEntry = (id: string, extra = ''): string =>
  `- id: ${id}\n  reason: It said the same as another one.\n${extra === '' ? '' : `  ${extra}\n`}`;

const read = (requirements: string, retired = '[]') =>
  parseRequirements([
    { file: 'r/a.yaml', text: requirements },
    { file: 'r/retired.yaml', text: retired },
  ]);

describe('the requirement register', () => {
  it('holds what was written, with where it was written', () => {
    const { requirements, problems } = read(entry('RFC9293-3.5-01') + entry('RFC9293-3.5-02', 'see: [RFC9293-3.5-01]'));
    expect(problems).to.deep.equal([]);
    expect([...requirements.keys()]).to.deep.equal(['RFC9293-3.5-01', 'RFC9293-3.5-02']);
    expect(requirements.get('RFC9293-3.5-02')).to.deep.include({
      level: 'MUST',
      see: ['RFC9293-3.5-01'],
      origin: { file: 'r/a.yaml', line: 10, column: 3 },
    });
  });

  const table: [name: string, requirements: string, retired: string, ...problems: string[]][] = [
    [
      'an id used twice',
      entry('A-1-01') + entry('A-1-01'),
      '[]',
      'r/a.yaml:10:3: the id A-1-01 is used twice; first at r/a.yaml:1',
    ],
    [
      'a retired id used again',
      entry('A-1-01'),
      retiredEntry('A-1-01'),
      'r/a.yaml:1:3: the id A-1-01 is retired (r/retired.yaml:1) and cannot be used again',
    ],
    [
      'an id retired twice',
      '[]',
      retiredEntry('A-1-01') + retiredEntry('A-1-01'),
      'r/retired.yaml:3:3: the id A-1-01 is used twice; first at r/retired.yaml:1',
    ],
    [
      'an heir that is not there',
      entry('A-1-01'),
      retiredEntry('A-1-02', 'heirs: [A-1-03]'),
      'r/retired.yaml:1:3: heir: the requirement A-1-03 is not known, did you mean "A-1-01"?',
    ],
    [
      'a see that is retired',
      entry('A-1-01', 'see: [A-1-02]'),
      retiredEntry('A-1-02', 'heirs: [A-1-01]'),
      'r/a.yaml:1:3: see: the requirement A-1-02 is retired: It said the same as another one.; use A-1-01',
    ],
    [
      'an unknown parameter',
      entry('A-1-01', 'parameters: [p1.match_scop]'),
      '[]',
      'r/a.yaml:1:3: the parameter p1.match_scop is not known, did you mean "p1.match_scope"?',
    ],
    [
      'an unknown key',
      entry('A-1-01', 'paramters: [p1.version]'),
      '[]',
      'r/a.yaml:10:3: unknown key "paramters", did you mean "parameters"?',
    ],
    [
      'an id without a number',
      entry('A-1'),
      '[]',
      'r/a.yaml:1:7: id: expected an id such as ROBE-P1-S-02, got the text "A-1"',
    ],
    ['a number as id', entry('7'), '[]', 'r/a.yaml:1:7: id: expected text, got the number 7'],
    [
      'derived from nothing',
      entry('A-1-01').replace('keyword', 'derived'),
      '[]',
      'r/a.yaml:1:3: from: basis derived needs from: the sentences it follows from; no other basis has it',
    ],
    [
      'from without derived',
      entry('A-1-01', 'from: RFC 9293'),
      '[]',
      'r/a.yaml:10:9: from: basis derived needs from: the sentences it follows from; no other basis has it',
    ],
    [
      'a source without section',
      entry('A-1-01').replace(", section: '3.5'", ''),
      '[]',
      'r/a.yaml:2:11: source.section: a source other than derived needs its section',
    ],
    [
      'no reason',
      entry('A-1-01').replace('wire', '{no: }'),
      '[]',
      'r/a.yaml:9:18: testable.no: expected text, got an empty value',
    ],
    [
      'an unknown way of testing',
      entry('A-1-01').replace('wire', 'wired'),
      '[]',
      'r/a.yaml:9:13: testable: expected "wire" or a map, got the text "wired", did you mean "wire"?',
    ],
    ['a map for a list', 'id: A-1-01', '[]', 'r/a.yaml:1:1: expected a list of requirements'],
    [
      'broken YAML',
      '- id: [',
      '[]',
      'r/a.yaml:1:8: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ];
  for (const [name, requirements, retired, ...problems] of table) {
    it(`refuses ${name}`, () => {
      expect(read(requirements, retired).problems.map(printProblem)).to.deep.equal(problems);
    });
  }

  it('says why an id cannot be cited', () => {
    const register = read(entry('A-1-01'), retiredEntry('A-1-02', 'heirs: [A-1-01]'));
    expect(whyNotCitable('A-1-01', register)).to.equal(undefined);
    expect(whyNotCitable('A-1-02', register)).to.match(/is retired: .*; use A-1-01$/);
    expect(whyNotCitable('A-1-1', register)).to.match(/is not known, did you mean "A-1-01"\?$/);
  });
});
