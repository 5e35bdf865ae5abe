/**
 * Segments in flight, each identified by a number: the same octets to the same end over the same path are the same segment.
 * Their names are the letters of the protocol's ladders with the path after them:
 *
 * | S Y A J   | SYN, SYN/ACK, third segment with MP_CAPABLE, with MP_JOIN_CAP | JS JY JA | the three of MP_JOIN          |
 * | cR sR     | reset by client, by server                                    | cK sK    | bare ACK                      |
 * | cD sD     | data                                                          | cF sF    | FIN                           |
 */
import { decodeFrame } from '../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { other, type Side } from './pair.js';

export interface Frame {
  readonly index: number;
  readonly to: Side;
  readonly path: number;
  readonly octets: Uint8Array;
  readonly packet: TcpPacket;
  /** Letters and path, not unique. */
  readonly letters: string;
  /** One of the ladders' own: everything but ACKs of what came before; a client's without any MPTCP completes TCP's handshake. */
  readonly drawn: boolean;
  /** Orders segments of the same letters, the same in every run. */
  readonly content: string;
}

const lettersOf = (from: Side, { tcp }: TcpPacket): string => {
  const side = from === 'client' ? 'c' : 's';
  const has = (flag: number) => (tcp.flags & flag) !== 0;
  const carries = (name: string) => tcp.options.some(({ option }) => option === name);
  if (has(TcpFlag.RST)) return `${side}R`;
  if (has(TcpFlag.SYN)) {
    const letter = has(TcpFlag.ACK) ? 'Y' : 'S';
    return carries('mp_join') ? `J${letter}` : letter;
  }
  if (tcp.payload.length > 0) return `${side}D`;
  if (has(TcpFlag.FIN)) return `${side}F`;
  if (from === 'client' && carries('mp_capable')) return 'A';
  if (carries('mp_join_cap')) return 'J';
  if (carries('mp_join')) return 'JA';
  return `${side}K`;
};

export class FrameTable {
  readonly #frames: Frame[] = [];
  readonly #byContent = new Map<string, Frame>();

  /** The segment with these octets; undefined if it is not TCP, which the hosts of a pair do not send. */
  enter(from: Side, path: number, octets: Uint8Array): Frame | undefined {
    const content = Buffer.from(octets).toString('latin1');
    const key = `${from}${path}${content}`;
    const known = this.#byContent.get(key);
    if (known !== undefined) return known;
    const packet = decodeFrame(octets);
    if (packet.kind !== 'tcp') return undefined;
    const letters = lettersOf(from, packet);
    const frame: Frame = {
      index: this.#frames.length,
      to: other(from),
      path,
      octets,
      packet,
      letters: `${letters}${path}`,
      drawn:
        !letters.endsWith('K') || (from === 'client' && !packet.tcp.options.some(({ option }) => option === 'dss')),
      content,
    };
    this.#frames.push(frame);
    this.#byContent.set(key, frame);
    return frame;
  }

  /** Throws for an unknown number. */
  at(index: number): Frame {
    const frame = this.#frames[index];
    if (frame === undefined) throw new RangeError(`there is no segment ${index}`);
    return frame;
  }
}

/**
 * Unique names for the distinct segments among `flight`: letters and path; of several alike the later ones get `#2`, `#3`.
 */
export const namesOf = (flight: readonly Frame[]): ReadonlyMap<Frame, string> => {
  const names = new Map<Frame, string>();
  const letters = new Set(flight.map((frame) => frame.letters));
  if (letters.size === flight.length) {
    for (const frame of flight) names.set(frame, frame.letters);
    return names;
  }
  const sorted = [...new Set(flight)].sort((a, b) => (a.content < b.content ? -1 : a.content > b.content ? 1 : 0));
  const seen = new Map<string, number>();
  for (const frame of sorted) {
    const nth = (seen.get(frame.letters) ?? 0) + 1;
    seen.set(frame.letters, nth);
    names.set(frame, nth === 1 ? frame.letters : `${frame.letters}#${nth}`);
  }
  return names;
};
