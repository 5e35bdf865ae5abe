import { expect } from 'chai';
import { type Coverage, measureCoverage } from '../../suite/catalogue/coverage.js';
import { parseRequirements } from '../../suite/catalogue/requirement.js';
import { coverageJson } from './coverage-json.js';
import { coverageLines } from './coverage-lines.js';

const register = parseRequirements([
  {
    file: 'r.yaml',
    text: [
      'A-1-01, testable: wire',
      'A-1-02, testable: {partial: half of it}',
      'A-1-03, testable: {no: nobody sees it}',
    ]
      .map(
        (id) =>
          `- {id: ${id}, source: {doc: RFC 9293, section: '1'}, level: MUST, basis: keyword, role: server, profiles: [tcp], topic: t, statement: A sentence that is long enough.}\n`,
      )
      .join(''),
  },
]);

const coverage: Coverage = measureCoverage(register, [
  {
    id: 'tcp.server.x.ip4',
    authoredId: 'tcp.server.x',
    requirements: ['A-1-01'],
    role: 'server',
    profiles: ['tcp'],
    origin: { file: 'x.yaml', line: 1, column: 1 },
  },
]);

describe('robe coverage', () => {
  it('says in the first line how things stand', () => {
    expect(register.problems).to.deep.equal([]);
    expect(coverageLines(coverage, { details: false })[0]).to.equal(
      '3 requirements: 1 tested by 1 case, 1 open, 1 cannot be seen in packets',
    );
  });

  const expected: [details: boolean, line: string][] = [
    [false, 'RFC 9293                     3             1             1             1'],
    [false, 'Open: packets can show it, no case asks for it (1)'],
    [false, '  A-1-02 MUST A sentence that is long enough.'],
    [false, '  A-1-03: nobody sees it'],
    [true, '  A-1-01: tcp.server.x'],
    [true, '  tcp.server.x (1): A-1-01'],
  ];
  for (const [details, line] of expected) {
    it(`${details ? 'with details ' : ''}prints ${JSON.stringify(line.trim())}`, () => {
      expect(coverageLines(coverage, { details })).to.include(line);
    });
  }

  it('leaves details out unless asked', () => {
    expect(coverageLines(coverage, { details: false }).join('\n')).not.to.include('tcp.server.x');
  });

  it('says the same to programs', () => {
    const read = JSON.parse(coverageJson(coverage, []));
    expect(read).to.deep.include({
      schema: 1,
      total: { name: 'all', requirements: 3, tested: 1, open: 1, excused: 1 },
      cases: [{ case: 'tcp.server.x', expansions: 1, requirements: ['A-1-01'] }],
      problems: [],
    });
    expect(read.requirements.map((each: { standing: string }) => each.standing)).to.deep.equal([
      'tested',
      'open',
      'excused',
    ]);
    expect(read.requirements[2]).to.include({ testability: 'no', remark: 'nobody sees it' });
  });
});
