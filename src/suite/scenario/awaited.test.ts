import { expect } from 'chai';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq, seqAdd } from '../../protocol/wire/seq.js';
import { clientCase, converse, fromClient, type Implementation, reply, serverCase } from '../testing/dialogue.js';

const { SYN, ACK, PSH } = TcpFlag;

/** Opens two flows, sends four octets on the first and expects their echo on whichever the server likes. */
const dialogue = `
- send:   {on: 1, segment: SYN}
- expect: {on: 1, segment: SYN/ACK}
- send:   {on: 2, segment: SYN}
- expect: {on: 2, segment: SYN/ACK}
- send:   {on: 1, segment: DATA, data: ping}
- expect: {on: {any: [1, 2], as: echo}, segment: DATA, data: ping}
- send:   {on: echo, segment: ACK}
- silence: {on: echo}
`;

/** An initial sequence number for each port of the tester, far from those of its neighbours. */
const initialNumber = ({ tcp }: TcpPacket) => seq(Math.imul(tcp.sourcePort, 0x9e37_79b1));

/** A server that echoes on one path, or says something else there. */
const echoing = (on: number, said = 'ping'): Implementation => {
  const opened = new Map<number, TcpPacket>();
  return {
    answer: (packet, path) => {
      if (packet.tcp.flags === SYN) {
        opened.set(path, packet);
        return [{ frame: reply(packet, SYN | ACK, { seq: initialNumber(packet) }) }];
      }
      const syn = opened.get(on);
      if (packet.tcp.payload.length === 0 || syn === undefined) return [];
      const payload = Uint8Array.from(Buffer.from(said));
      const first = reply(syn, PSH | ACK, { payload, seq: seqAdd(initialNumber(syn), 1) });
      return [{ path: on, frame: first }];
    },
  };
};

describe('a segment on any of several flows', () => {
  for (const on of [1, 2])
    it(`is taken on flow ${on}, which is found under its name from then on`, () => {
      const { finished, trace } = converse(serverCase(dialogue), echoing(on));
      expect(finished?.verdict).to.equal('pass');
      const flows = trace.flatMap(({ note }) => (note?.step === '6' || note?.step === '7' ? [note.flow] : []));
      expect(flows.filter((flow) => flow !== undefined)).to.deep.equal([String(on), String(on)]);
    });

  it('fails with what was wrong on the flow that answered', () => {
    const { finished } = converse(serverCase(dialogue), echoing(2, 'pong'));
    expect(finished?.verdict).to.equal('fail');
    expect(finished?.sentence).to.match(/^Wrong DATA on 2: payload expected/);
  });

  it('is missing on all of them', () => {
    const { finished } = converse(serverCase(dialogue), echoing(3));
    expect(finished?.sentence).to.contain('Expected DATA on 1 or 2 but it did not come');
    expect(finished?.findings[0]?.awaited?.map(({ flow }) => flow)).to.deep.equal(['1', '2']);
  });

  it('opens the flow of the path on which the client begins', () => {
    const steps = `
- control: {verb: connect, paths: [1, 2]}
- expect: {on: {any: [1, 2], as: chosen}, segment: SYN}
- send:   {on: chosen, segment: SYN/ACK}
- expect: {on: chosen, segment: ACK}
`;
    const { finished, flows } = converse(clientCase(steps), {
      unasked: [{ at: 5, path: 2, frame: fromClient(2, 4000, { flags: SYN }) }],
      answer: (packet, path) => (packet.tcp.flags === (SYN | ACK) ? [{ path, frame: reply(packet, ACK) }] : []),
    });
    expect(finished?.verdict).to.equal('pass');
    expect([...flows.keys()]).to.deep.equal(['2']);
  });
});
