/**
 * Implementations without state: their reaction to a segment depends on that segment alone. They show that a case does
 * not pass by accident: their reactions are not the behaviour under test, unless a case tests just that.
 */
import { deriveOctets } from '../../protocol/keys/derive-octets.js';
import { type TcpDraft, TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seq, seqAdd } from '../../protocol/wire/seq.js';

const { ACK, FIN, RST, SYN } = TcpFlag;

/** Where a connection that control asks for would begin and end, on one path. */
export interface Route {
  readonly ethernet: TcpDraft['ethernet'];
  readonly ip: TcpDraft['ip'];
  readonly port: number;
}

export interface Reflex {
  /** In one sentence, for reports. */
  readonly says: string;
  /** `count` numbers what this implementation was sent so far, the seed is its own. */
  answers(packet: TcpPacket, count: number, seed: string): readonly TcpDraft[];
  connects(route: Route, count: number, seed: string): readonly TcpDraft[];
}

const nothing = (): readonly TcpDraft[] => [];

const backTo = ({ ethernet, ip, tcp }: TcpPacket, reply: Partial<TcpDraft['tcp']>): TcpDraft => ({
  ethernet: { destination: ethernet.source, source: ethernet.destination },
  ip: { source: ip.destination, destination: ip.source },
  tcp: {
    sourcePort: tcp.destinationPort,
    destinationPort: tcp.sourcePort,
    seq: tcp.ack,
    flags: ACK,
    window: 65535,
    ...reply,
  },
});

const has = ({ tcp }: TcpPacket, flag: number): boolean => (tcp.flags & flag) !== 0;
const nextAfter = ({ tcp }: TcpPacket) =>
  seqAdd(tcp.seq, tcp.payload.length + ((tcp.flags & SYN) !== 0 ? 1 : 0) + ((tcp.flags & FIN) !== 0 ? 1 : 0));

/** Never sends anything. */
const silent: Reflex = { says: 'It never sends anything.', answers: nothing, connects: nothing };

/** RFC 9293 section 3.10.7.1, as if there were no listener and no connection ever. */
const resetAll: Reflex = {
  says: 'It answers every segment with the reset that it would draw at a closed port.',
  answers: (packet) => {
    if (has(packet, RST)) return [];
    if (has(packet, ACK)) return [backTo(packet, { flags: RST, window: 0 })];
    return [backTo(packet, { seq: seq(0), ack: nextAfter(packet), flags: RST | ACK, window: 0 })];
  },
  connects: nothing,
};

/** The tester's own segments come back to it with addresses and ports exchanged. */
const echo: Reflex = {
  says: 'It sends every segment back as it came, with addresses and ports exchanged.',
  answers: (packet) => {
    const { seq: number, ack, flags, window, urgent, reserved, options, payload } = packet.tcp;
    const draft = { seq: number, ack, flags, window, urgent, reserved, payload };
    return [backTo(packet, { ...draft, options: options.filter(({ option }) => option !== 'eol') })];
  },
  connects: nothing,
};

const firstNumber = (port: number) => seq(0x0100_0000 + port * 1000);

/** A TCP host whose application closes each connection as soon as it has it. */
const instantClose: Reflex = {
  says: 'It completes every handshake as TCP and closes at once.',
  answers: (packet) => {
    const { tcp } = packet;
    if (has(packet, RST)) return [];
    if (has(packet, SYN) && !has(packet, ACK)) {
      return [backTo(packet, { seq: firstNumber(tcp.sourcePort), ack: nextAfter(packet), flags: SYN | ACK })];
    }
    if (has(packet, SYN)) {
      const third = backTo(packet, { ack: nextAfter(packet) });
      return [third, backTo(packet, { ack: nextAfter(packet), flags: FIN | ACK })];
    }
    return [backTo(packet, { ack: nextAfter(packet), flags: has(packet, FIN) ? ACK : FIN | ACK })];
  },
  connects: ({ ethernet, ip, port }, count) => [
    {
      ethernet,
      ip,
      tcp: { sourcePort: 50_000 + count, destinationPort: port, seq: firstNumber(count), flags: SYN, window: 65535 },
    },
  ],
};

/** Header fields, options and payload from the seed; only the checksum is right, so that the segment is looked at. */
const noise = (seed: string, count: number): Partial<TcpDraft['tcp']> => {
  const octets = Buffer.from(deriveOctets(seed, `noise/${count}`, 112));
  const optionOctets = (octets.readUInt8(13) % 11) * 4;
  return {
    seq: seq(octets.readUInt32BE(0)),
    ack: seq(octets.readUInt32BE(4)),
    flags: octets.readUInt8(8),
    window: octets.readUInt16BE(9),
    urgent: octets.readUInt16BE(11),
    options: optionOctets === 0 ? [] : [{ option: 'raw', octets: octets.subarray(16, 16 + optionOctets) }],
    payload: octets.subarray(64, 64 + (octets.readUInt8(14) % 48)),
  };
};

const random: Reflex = {
  says: 'It answers every segment with one of random octets after right ports and a right checksum.',
  answers: (packet, count, seed) => [backTo(packet, noise(seed, count))],
  connects: ({ ethernet, ip, port }, count, seed) => [
    {
      ethernet,
      ip,
      tcp: { sourcePort: 50_000 + count, destinationPort: port, seq: seq(0), flags: 0, ...noise(seed, count) },
    },
  ],
};

export const reflexes = { silent, 'reset-all': resetAll, echo, 'instant-close': instantClose, random } as const;
export type ReflexName = keyof typeof reflexes;
