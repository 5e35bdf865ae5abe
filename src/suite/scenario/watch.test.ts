import { expect } from 'chai';
import { bundledCatalogue } from '../../conduct/testing/bundled-catalogue.js';
import { mutantSubjects } from '../../iut/mutant-subject.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { simulateCase } from '../../run/simulate.js';
import { converse, type Implementation, reply, serverCase } from '../testing/dialogue.js';

const isSyn = ({ tcp }: TcpPacket): boolean => tcp.flags === TcpFlag.SYN;
const capable = (flags: number): TcpOption => ({ option: 'mp_capable', version: 0, flags, key: 7n });
const answering = (flags: number): Implementation => ({
  answer: (p) => (isSyn(p) ? [{ frame: reply(p, TcpFlag.SYN | TcpFlag.ACK, { options: [capable(flags)] }) }] : []),
});

const v0 = '  mptcp: 0\n';
const handshake = '- send:   {on: 1, segment: SYN, mp_capable: {key: A}}\n- expect: {on: 1, segment: SYN/ACK}\n';
const [h, hAndB] = [0x01, 0x41];

describe('the book of rules in a case', () => {
  it('says nothing of segments that keep every rule', () => {
    expect(converse(serverCase(handshake, v0), answering(h)).finished).to.include({ verdict: 'pass' });
  });

  it('holds a segment to rules that the case does not ask about, and names requirement, rule and frame', () => {
    const { finished, trace } = converse(serverCase(handshake, v0), answering(hAndB));
    expect(finished).to.include({ verdict: 'fail', signature: 'rule/mismatch/mp-capable-flag-b' });
    const [found] = finished?.findings ?? [];
    expect(found).to.deep.include({ rule: 'mp-capable-flag-b', requirements: ['RFC6824-3.1-10'], step: '2' });
    expect(found?.sentence).to.equal('Flag B of MP_CAPABLE is zero. Here MP_CAPABLE has flag B set.');
    expect(trace[found?.observation ?? -1]?.entry).to.include({ event: 'frame', path: 1 });
  });

  it('names a broken rule once, however often it is broken', () => {
    const twice = `${handshake}- send:   {on: 1/again, segment: SYN, mp_capable: {key: A}}\n- expect: {on: 1/again, segment: SYN/ACK}\n`;
    const { finished } = converse(serverCase(twice, v0), answering(hAndB));
    expect(finished?.findings.map(({ rule }) => rule)).to.deep.equal(['mp-capable-flag-b']);
  });

  const asIf = (congestion: string) => {
    const other = mutantSubjects().find(({ id }) => id.startsWith('window-kept-after-a-loss'))?.mutant;
    const each = bundledCatalogue().cases.find(({ id }) => id === 'tcp.server.slower-after-a-loss.ip4');
    if (other === undefined || each === undefined) throw new Error('no such mutant, or no such case');
    const settings = { ...other.settings, declared: { ...other.settings.declared, 'tcp.congestion': congestion } };
    return simulateCase({ ...other, settings }, each, 'watch').driven.judgement;
  };
  for (const [congestion, verdict] of [
    ['standard', 'fail'],
    ['any', 'info'],
    ['other', 'pass'],
  ] as const)
    it(`goes by what is declared: a window kept after a loss is \`${verdict}\` where tcp.congestion is ${congestion}`, () => {
      const { verdict: found, findings } = asIf(congestion);
      expect(found).to.equal(verdict);
      expect(findings.map(({ rule }) => rule)).to.deep.equal(verdict === 'pass' ? [] : ['flight-after-a-loss']);
    });

  it('passes over a rule that the case suspends', () => {
    const suspended = '  suspend: {mp-capable-flag-b: The answers of this test are made up.}\n';
    expect(converse(serverCase(handshake, v0 + suspended), answering(hAndB)).finished?.verdict).to.equal('pass');
  });

  it('does not hold the segments of the tester against the implementation', () => {
    const odd =
      '- send:   {on: 1, segment: SYN, mp_capable: {key: A, b: 1}, reserved: 4}\n- expect: {on: 1, segment: SYN/ACK}\n';
    expect(converse(serverCase(odd, v0), answering(h)).finished?.verdict).to.equal('pass');
  });

  it('refuses a case that suspends a rule that is not in the book', () => {
    const unknown = '  suspend: {no-such-rule: A reason that is long enough.}\n';
    expect(() => serverCase(handshake, v0 + unknown)).to.throw('no-such-rule');
  });
});
