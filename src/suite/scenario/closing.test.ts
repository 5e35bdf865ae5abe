/** What a case leaves behind: nothing. */
import { expect } from 'chai';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import { converse, type Implementation, reply, serverCase } from '../testing/dialogue.js';

const SYN_ACK = TcpFlag.SYN | TcpFlag.ACK;

describe('the end of a case', () => {
  it('resets with the number that the peer acknowledged last, where the case sent with numbers of its own', () => {
    const ownNumbers = `
- send:   {on: 1, segment: SYN, seq: isn}
- expect: {on: 1, segment: SYN/ACK, ack: isn + 1}
- send:   {on: 1, segment: DATA, data: abcd, seq: isn + 1}
- expect: {on: 1, segment: ACK, ack: isn + 5}
`;
    const acknowledges: Implementation = {
      answer: (p) => [
        p.tcp.flags === TcpFlag.SYN
          ? { after: 1, frame: reply(p, SYN_ACK, {}) }
          : { after: 1, frame: reply(p, TcpFlag.ACK, { ack: seqAdd(p.tcp.seq, p.tcp.payload.length) }) },
      ],
    };
    const { trace } = converse(serverCase(ownNumbers), acknowledges);
    const sent = trace.flatMap(({ entry, note }) =>
      'action' in entry && entry.action === 'send'
        ? [{ packet: decodeFrame(entry.frame), text: note?.text ?? '' }]
        : [],
    );
    const numbers = sent.flatMap(({ packet, text }) => (packet.kind === 'tcp' ? [{ text, seq: packet.tcp.seq }] : []));
    const data = numbers.find(({ text }) => text.includes('DATA'));
    const resets = numbers.filter(({ text }) => text.startsWith('reset of flow'));
    expect(resets.map(({ seq: number }) => number - (data?.seq ?? 0))).to.include(4);
  });
});
