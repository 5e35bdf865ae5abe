import { expect } from 'chai';
import { type Coverage, measureCoverage } from '../../suite/catalogue/coverage.js';
import { parseRequirements } from '../../suite/catalogue/requirement.js';
import { measureSentences } from '../../suite/catalogue/sentence-coverage.js';
import { coverageJson } from './coverage-json.js';
import { coverageLines } from './coverage-lines.js';

const register = parseRequirements([
  {
    file: 'r.yaml',
    text: [
      'A-1-01, testable: wire',
      'A-1-02, testable: {partial: half of it}',
      'A-1-03, testable: {no: nobody sees it}, untried: [{role: client, ip: 6, reason: nobody can}]',
    ]
      .map(
        (id, index) =>
          `- {id: ${id}, source: {doc: RFC 9293, section: '1', at: [${index + 1}]}, level: MUST, basis: keyword, role: server, profiles: [tcp], topic: t, statement: A sentence that is long enough.}\n`,
      )
      .join(''),
  },
  { file: 'sentences.yaml', text: "- {doc: RFC 9293, by: keyword, sections: {'1': [MUST, MUST, MUST, MAY]}}" },
]);

const coverage: Coverage = measureCoverage(register, [
  {
    id: 'tcp.server.x.ip4',
    authoredId: 'tcp.server.x',
    requirements: ['A-1-01'],
    role: 'server',
    ip: 4,
    profiles: ['tcp'],
    origin: { file: 'x.yaml', line: 1, column: 1 },
  },
]);

const sentences = measureSentences(register.sentences, coverage.byRequirement);

describe('robe coverage', () => {
  it('says in the first line how things stand', () => {
    expect(register.problems).to.deep.equal([]);
    expect(coverageLines(coverage, sentences, { details: false })[0]).to.equal(
      '3 requirements: 1 asked by 1 case, 0 only watched by rules, 1 cannot be seen in packets, 1 open',
    );
  });

  const expected: [details: boolean, line: string][] = [
    [false, 'RFC 9293                     4             1             0             1             2'],
    [false, 'RFC 9293                     3             1             0             1             1'],
    [false, 'This is not a TCP conformance suite: 2 of 4 numbered sentences of RFC 9293 are open.'],
    [false, 'Open: packets can show it, nothing asks or watches (1)'],
    [false, '  A-1-02 MUST A sentence that is long enough.'],
    [false, '  RFC 9293 1: #4 MAY'],
    [false, '1 requirement not tried in every role and version'],
    [false, '  A-1-01 MUST: server over IPv6'],
    [false, '  A-1-03, client, IPv6: nobody can'],
    [false, '  A-1-03: nobody sees it'],
    [true, '  A-1-01: tcp.server.x'],
    [true, '  tcp.server.x (1): A-1-01'],
  ];
  for (const [details, line] of expected) {
    it(`${details ? 'with details ' : ''}prints ${JSON.stringify(line.trim())}`, () => {
      expect(coverageLines(coverage, sentences, { details })).to.include(line);
    });
  }

  it('leaves details out unless asked', () => {
    expect(coverageLines(coverage, sentences, { details: false }).join('\n')).not.to.include('tcp.server.x');
  });

  it('says the same to programs', () => {
    const read = JSON.parse(coverageJson(coverage, sentences, []));
    expect(read).to.deep.include({
      schema: 2,
      total: { name: 'all', requirements: 3, asked: 1, watched: 0, hidden: 1, open: 1 },
      cases: [{ case: 'tcp.server.x', expansions: 1, requirements: ['A-1-01'] }],
      problems: [],
    });
    expect(read.requirements.map((each: { standing: string }) => each.standing)).to.deep.equal([
      'asked',
      'open',
      'hidden',
    ]);
    expect(read.requirements[2]).to.include({ testability: 'no', remark: 'nobody sees it' });
    expect(read.requirements[0].missing).to.deep.equal([{ role: 'server', ip: 6 }]);
    expect(read.sentences.each.map((each: { standing: string }) => each.standing)).to.deep.equal([
      'asked',
      'open',
      'hidden',
      'open',
    ]);
  });
});
