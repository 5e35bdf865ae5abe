import { expect } from 'chai';
import { measureCoverage } from './coverage.js';
import { printProblem } from './problem.js';
import { parseRequirements } from './requirement.js';
import { measureSentences, printSentence } from './sentence-coverage.js';

const entry = (
  id: string,
  source: string,
  { level = 'MUST', basis = 'keyword', testable = 'wire' }: { level?: string; basis?: string; testable?: string } = {},
): string =>
  `- {id: ${id}, source: {${source}}, level: ${level}, basis: ${basis}, role: server, profiles: [tcp], topic: t, statement: A sentence that is long enough., testable: ${testable}}\n`;

const listed = `
- {doc: RFC 8684, by: keyword, sections: {'3': [MUST, SHOULD, MUST SHOULD], '4': [MAY]}}
- {doc: RFC 9293, by: number, sections: {'3.1': [MUST-2, SHLD-7], '3.9': [MUST-17]}, hidden: [{why: the application asks, at: [MUST-17]}]}
- {doc: RobE paper, by: statement, sections: {'2.1': [1, 4, figure 4]}}
`;

const reading = (requirements: string, sentences = listed) =>
  parseRequirements([
    { file: 'r.yaml', text: requirements },
    { file: 'sentences.yaml', text: sentences },
  ]);

describe('where requirements say that they stand', () => {
  const table: [name: string, requirement: string, ...problems: string[]][] = [
    ['accepts a sentence of their level', entry('A-1-01', "doc: RFC 8684, section: '3', at: [1, 3]")],
    ['accepts a number that the source gives', entry('A-1-01', "doc: RFC 9293, section: '3.1', at: [MUST-2]")],
    [
      'accepts a second place that says it less firmly',
      entry('A-1-01', "doc: RFC 8684, section: '3', at: [1], also: [{doc: RFC 8684, section: '4', at: [1]}]"),
    ],
    [
      'accepts a statement of the paper at any level',
      entry('A-1-01', "doc: RobE paper, section: '2.1', at: [4, figure 4]", { level: 'MAY', basis: 'design' }),
    ],
    [
      'accepts a plain sentence, which is not listed',
      entry('A-1-01', "doc: RFC 8684, section: '3.3'", { basis: 'indicative' }),
    ],
    [
      'refuses a level that the sentence does not have',
      entry('A-1-01', "doc: RFC 8684, section: '3', at: [1, 2]"),
      'r.yaml:1:3: A-1-01: RFC 8684 3 #2 says SHOULD, so it cannot make this a MUST',
    ],
    [
      'refuses a second place that says it more firmly',
      entry('A-1-01', "doc: RFC 8684, section: '3', at: [2], also: [{doc: RFC 8684, section: '3', at: [1]}]", {
        level: 'SHOULD',
      }),
      'r.yaml:1:3: A-1-01: RFC 8684 3 #1 says MUST, so it cannot make this a SHOULD',
    ],
    [
      'refuses a key word without its sentence',
      entry('A-1-01', "doc: RFC 8684, section: '3'"),
      'r.yaml:1:3: A-1-01: source.at: a keyword requirement of RFC 8684 names its sentences',
    ],
    [
      'refuses a design without its sentence',
      entry('A-1-01', "doc: RobE paper, section: '2.1'", { basis: 'design' }),
      'r.yaml:1:3: A-1-01: source.at: a design requirement of RobE paper names its sentences',
    ],
    [
      'refuses a sentence that is not there',
      entry('A-1-01', "doc: RFC 8684, section: '4', at: [2]", { level: 'MAY' }),
      'r.yaml:1:3: A-1-01: RFC 8684 4 has no sentence #2 in sentences.yaml',
    ],
    [
      'refuses a section that is not there',
      entry('A-1-01', "doc: RFC 9293, section: '3.11', at: [MUST-2]"),
      'r.yaml:1:3: A-1-01: RFC 9293 3.11: no such section in sentences.yaml, did you mean "3.1"?',
    ],
    [
      'refuses sentences of a source that is not listed',
      entry('A-1-01', "doc: RFC 7323, section: '3', at: [1]"),
      'r.yaml:1:3: A-1-01: the sentences of RFC 7323 are not listed in sentences.yaml',
    ],
  ];
  for (const [name, requirement, ...problems] of table)
    it(name, () => expect(reading(requirement).problems.map(printProblem)).to.deep.equal(problems));
});

describe('the list of sentences', () => {
  const table: [name: string, text: string, ...problems: string[]][] = [
    [
      'refuses a word that is no key word',
      "- {doc: RFC 8684, by: keyword, sections: {'3': [MUST, WILL]}}",
      'sentences.yaml:1:55: expected key words (MUST, SHOULD, MAY) or a number such as MUST-7, SHLD-7, MAY-7, REC-7',
    ],
    [
      'refuses a reason for a sentence that is not there',
      "- {doc: RFC 9293, by: number, sections: {'3': [MUST-1]}, hidden: [{why: so, at: [MUST-2]}]}",
      'sentences.yaml:1:66: no section of RFC 9293 lists MUST-2',
    ],
    [
      'refuses another form',
      "- {doc: RFC 9293, sections: {'3': [MUST-1]}}",
      'sentences.yaml:1:3: by is missing: expected one of keyword, number, statement',
    ],
  ];
  for (const [name, text, ...problems] of table)
    it(name, () => expect(reading('[]', text).problems.map(printProblem)).to.deep.equal(problems));
});

describe('how sentences stand', () => {
  const register = reading(
    [
      entry('A-1-01', "doc: RFC 8684, section: '3', at: [1, 3]"),
      entry('A-1-02', "doc: RFC 8684, section: '3', at: [2]", { level: 'SHOULD' }),
      entry('A-1-03', "doc: RFC 8684, section: '3', at: [1]"),
      entry('A-1-04', "doc: RobE paper, section: '2.1', at: [4]", { basis: 'design', testable: '{no: why}' }),
      entry('A-1-05', "doc: RobE paper, section: '2.1', at: [1]", { basis: 'design' }),
    ].join(''),
  );
  const rules = [{ id: 'r', requirements: ['A-1-05'], roles: ['server'] as const, versions: [] }];
  const cases = ['A-1-01', 'A-1-03'].map((id) => ({
    id: 'x',
    authoredId: 'x',
    requirements: [id],
    role: 'server' as const,
    ip: 4 as const,
    profiles: ['tcp'],
    origin: { file: 'x.yaml', line: 1, column: 1 },
  }));
  const { bySentence, bySource } = measureSentences(
    register.sentences,
    measureCoverage(register, cases, rules).byRequirement,
  );

  const table: [sentence: string, standing: string, requirements: string[], read: boolean, unread: string[]][] = [
    ['RFC 8684 3 #1', 'asked', ['A-1-01', 'A-1-03'], true, []],
    ['RFC 8684 3 #2', 'open', ['A-1-02'], true, []],
    ['RFC 8684 3 #3', 'asked', ['A-1-01'], true, []],
    ['RFC 8684 4 #1', 'open', [], false, ['MAY']],
    ['RFC 9293 3.1 #MUST-2', 'open', [], false, ['MUST']],
    ['RFC 9293 3.9 #MUST-17', 'hidden', [], true, []],
    ['RobE paper 2.1 #1', 'watched', ['A-1-05'], true, []],
    ['RobE paper 2.1 #4', 'hidden', ['A-1-04'], true, []],
    ['RobE paper 2.1 #figure 4', 'open', [], false, []],
  ];
  for (const [name, standing, requirements, read, unread] of table) {
    it(`${name} is ${standing}`, () => {
      const found = bySentence.find(({ sentence }) => printSentence(sentence) === name);
      expect([found?.standing, found?.requirements, found?.read, found?.unread]).to.deep.equal([
        standing,
        requirements,
        read,
        unread,
      ]);
    });
  }

  it('is counted for each source', () => {
    expect(bySource).to.deep.equal([
      { name: 'RFC 8684', sentences: 4, asked: 2, watched: 0, hidden: 0, open: 2 },
      { name: 'RFC 9293', sentences: 3, asked: 0, watched: 0, hidden: 1, open: 2 },
      { name: 'RobE paper', sentences: 3, asked: 0, watched: 1, hidden: 1, open: 1 },
    ]);
  });
});
