import { expect } from 'chai';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { type Seq, seq } from '../../protocol/wire/seq.js';
import { clientCase, converse, fromClient, type Implementation, reply, serverCase } from '../testing/dialogue.js';

const { SYN, ACK, RST } = TcpFlag;
const isSyn = (p: TcpPacket) => p.tcp.flags === SYN;
const lonely = '- send:   {on: 1, segment: SYN}\n- silence: {on: 1}\n';
const closed = '  flows: {1: {port: closed}}\n';
const refused = '- send:   {on: 1, segment: SYN}\n- expect: {on: 1, segment: RST/ACK}\n- silence: {on: 1}\n';

/** Answers sentinels with these flags, and the case's own segments never. */
const only = (flags: number, more: { readonly ack?: Seq; readonly seq?: Seq } = {}): Implementation => ({
  control: () => ({ answer: 'ok', result: {} }),
  probed: (p) => (isSyn(p) ? [{ frame: reply(p, flags, more) }] : []),
});

describe('sentinel', () => {
  const answers: readonly (readonly [string, Implementation, string, string])[] = [
    ['a SYN/ACK of the listener', only(SYN | ACK), '', 'pass'],
    ['a reset of the listener', only(RST | ACK), '', 'inconclusive'],
    ['a SYN/ACK that acknowledges something else', only(SYN | ACK, { ack: seq(77) }), '', 'fail'],
    ['a bare ACK', only(ACK), '', 'inconclusive'],
    ['a reset, where the case is about a closed port', only(RST | ACK), closed, 'pass'],
    ['a reset without ACK, where the case is about a closed port', only(RST), closed, 'inconclusive'],
  ];
  for (const [what, implementation, head, verdict] of answers)
    it(`${what} makes a silence ${verdict}`, () =>
      expect(converse(serverCase(lonely, head), implementation).finished?.verdict).to.equal(verdict));

  it('a host that resets everything passes what it is asked for closed ports, and no silence of a listener', () => {
    const reset = (p: TcpPacket) => (isSyn(p) ? [{ frame: reply(p, RST | ACK, { seq: seq(0) }) }] : []);
    const resetting: Implementation = { probed: reset, answer: reset };
    expect(converse(serverCase(refused, closed), resetting).finished?.verdict).to.equal('pass');
    expect(converse(serverCase(refused), resetting).finished?.verdict).to.not.equal('pass');
  });

  it('in role client it is the reset of a closed port that counts', () => {
    const opened = { at: 1, path: 1, frame: fromClient(1, 40_000, { flags: SYN }) };
    const steps = '- control: {verb: connect}\n- expect: {on: 1, segment: SYN}\n';
    const client = (flags: number): Implementation => ({ ...only(flags), unasked: [opened] });
    expect(converse(clientCase(steps), client(RST | ACK)).finished?.verdict).to.equal('pass');
    expect(converse(clientCase(steps), client(SYN | ACK)).finished?.verdict).to.equal('inconclusive');
  });

  it('unanswered, and control silent as well, is a hang; with a control that answers it stays open', () => {
    const mute: Implementation = {
      mute: true,
      control: ({ verb }) => (verb === 'health' ? undefined : { answer: 'ok', result: {} }),
    };
    expect(converse(serverCase(lonely), mute).finished).to.include({ verdict: 'fail', class: 'hang' });
    const well: Implementation = { mute: true, control: () => ({ answer: 'ok', result: {} }) };
    expect(converse(serverCase(lonely), well).finished).to.include({ verdict: 'inconclusive', class: 'hang' });
    const without: Implementation = { mute: true, control: () => ({ answer: 'unsupported' }) };
    expect(converse(serverCase(lonely), without).finished).to.include({ verdict: 'inconclusive' });
  });
});
