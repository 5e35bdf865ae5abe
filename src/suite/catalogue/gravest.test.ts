import { expect } from 'chai';
import { boundOf, gravestVerdict } from './gravest.js';
import { parseRequirements } from './requirement.js';

const entry = (id: string, level: string, basis = 'indicative') =>
  `- {id: ${id}, source: {doc: RFC 8684, section: '3'}, level: ${level}, basis: ${basis}, ${basis === 'derived' ? 'from: RFC 8684, ' : ''}role: both, profiles: [mptcp-v1], topic: t, statement: A sentence that is long enough., testable: wire}\n`;

const { requirements, problems } = parseRequirements([
  {
    file: 'r.yaml',
    text: [
      entry('A-1-01', 'MUST'),
      entry('A-1-02', 'SHOULD'),
      entry('A-1-03', 'MAY'),
      entry('A-1-04', 'INFO'),
      entry('A-1-05', 'MUST', 'derived'),
    ].join(''),
  },
]);

describe('the worst that a case can say', () => {
  it('starts from a register in order', () => expect(problems).to.deep.equal([]));

  const classic = ['mptcp-v1'];
  const either = ['mptcp-v1', 'robe-sim'];
  const robe = ['robe-sim', 'robe-esim'];
  const table: [cited: string[], profiles: string[], gravest: string, bound: string | undefined][] = [
    [['A-1-01'], classic, 'fail', undefined],
    [['A-1-02'], classic, 'nonstrict', undefined],
    [['A-1-03', 'A-1-04'], classic, 'info', undefined],
    [['A-1-02', 'A-1-01'], classic, 'fail', undefined],
    [['A-1-05'], classic, 'nonstrict', 'nonstrict'],
    [['A-1-05', 'A-1-03'], either, 'nonstrict', 'nonstrict'],
    [['A-1-05', 'A-1-01'], classic, 'fail', undefined],
    [['A-1-05'], robe, 'fail', undefined],
    [['A-1-99'], classic, 'fail', undefined],
  ];
  for (const [cited, profiles, gravest, bound] of table) {
    it(`${cited.join(' and ')} for ${profiles.join(' or ')}: ${gravest}`, () => {
      const citing = { requirements: cited, profiles };
      expect([gravestVerdict(citing, requirements), boundOf(citing, requirements)]).to.deep.equal([gravest, bound]);
    });
  }
});
