/** Pieces of a stream whose ends are not where a case reads: a piece on both sides of it, and one that begins with what came before. */
import { expect } from 'chai';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import { converse, type Implementation, reply, serverCase } from '../testing/dialogue.js';

const { SYN, ACK, PSH } = TcpFlag;
const text = (octets: string): Uint8Array => new TextEncoder().encode(octets);

const piece = (to: TcpPacket, at: number, octets: string): Uint8Array =>
  reply(to, ACK | PSH, { seq: seqAdd(to.tcp.ack, at), payload: text(octets) });

/** Sends these pieces of its stream, each at its place, when data came. */
const sending = (pieces: readonly (readonly [at: number, octets: string])[]): Implementation => ({
  answer: (packet) => {
    if (packet.tcp.flags === SYN) return [{ frame: reply(packet, SYN | ACK) }];
    if (packet.tcp.payload.length === 0) return [];
    return pieces.map(([at, octets], index) => ({ after: 1 + index, frame: piece(packet, at, octets) }));
  },
});

const reading = (steps: string) => `
- send:   {on: 1, segment: SYN}
- expect: {on: 1, segment: SYN/ACK}
- send:   {on: 1, segment: ACK}
- send:   {on: 1, segment: DATA, data: pingpong}
${steps}`;

const verdictOf = (steps: string, pieces: Parameters<typeof sending>[0]) =>
  converse(serverCase(reading(steps)), sending(pieces)).finished?.verdict;

const inTwo = `- expect: {on: 1, segment: DATA, data: ping, ack: any}
- expect: {on: 1, segment: DATA, data: pong, ack: any}
`;

describe('pieces of a stream', () => {
  it('one on both sides of where a case reads belongs to both steps', () => {
    const three = [
      [0, 'pin'],
      [3, 'gpo'],
      [6, 'ng'],
    ] as const;
    expect(verdictOf(inTwo, three)).to.equal('pass');
    expect(verdictOf(inTwo, [...three.slice(0, 1), [3, 'gxo'], [6, 'ng']])).to.equal('fail');
  });

  it('what is beyond all that a case reads is unexpected', () => {
    const first = '- expect: {on: 1, segment: DATA, data: ping, ack: any}\n';
    expect(
      verdictOf(first, [
        [0, 'pin'],
        [3, 'gpo'],
      ]),
    ).to.equal('fail');
  });

  it('is the beginning of the longer alternative before it is cut for the shorter one', () => {
    const either = `- one-of:
    - {outcome: nonstrict, observation: short, expect: {on: 1, segment: DATA, data: ping, ack: any}}
    - {outcome: pass, observation: long, expect: {on: 1, segment: DATA, data: pingpong, ack: any}}
`;
    expect(
      verdictOf(either, [
        [0, 'pin'],
        [3, 'gpo'],
        [6, 'ng'],
      ]),
    ).to.equal('pass');
  });

  it('one that begins with what came before brings what is new of it', () => {
    expect(
      verdictOf(inTwo, [
        [0, 'ping'],
        [2, 'ngpong'],
      ]),
    ).to.equal('pass');
    expect(
      verdictOf(inTwo, [
        [0, 'ping'],
        [2, 'ngpang'],
      ]),
    ).to.equal('fail');
  });

  it('several that came apart may come again as one', () => {
    const quiet = `${inTwo}- silence: {on: 1, for: 100ms}\n`;
    expect(
      verdictOf(quiet, [
        [0, 'ping'],
        [4, 'pong'],
        [0, 'pingpong'],
      ]),
    ).to.equal('pass');
  });
});
