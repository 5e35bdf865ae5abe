/**
 * Frames of a recording for a tester that has other addresses and ports than the recorded one. Only those are replaced, and
 * sequence numbers by a distance; checksums are adjusted to the change (RFC 1624), so a wrong one stays as wrong as it was.
 *
 *     Ethernet: destination 0, source 6, type 12 · IPv4 from 14: checksum 10, source 12, destination 16
 *     IPv6 from 14: source 8, destination 24 · TCP: ports 0 and 2, sequence 4, acknowledgement 8, checksum 16
 */
import { ipOctets, macOctets } from '../../protocol/wire/address.js';

const ethernet = { destination: 0, source: 6, type: 12, payload: 14 } as const;
const ipv4 = { type: 0x0800, length: 2, protocol: 9, checksum: 10, source: 12, destination: 16, size: 4 } as const;
const ipv6 = { type: 0x86dd, length: 4, next: 6, source: 8, destination: 24, size: 16, payload: 40 } as const;
const tcp = { protocol: 6, source: 0, destination: 2, seq: 4, ack: 8, flags: 13, checksum: 16, least: 20 } as const;
const ackFlag = 0x10;

/** Where things stand in a TCP segment's frame; undefined for everything else. */
interface Layout {
  readonly source: number;
  readonly destination: number;
  readonly size: 4 | 16;
  /** The IPv4 header's checksum. */
  readonly headerChecksum?: number;
  readonly tcp: number;
}

/** Octets up to the end that the IP header states: behind it a short frame is padded on some links. */
const statedEnd = (frame: Uint8Array): number => {
  const ip = ethernet.payload;
  const stated =
    word(frame, ethernet.type) === ipv6.type
      ? ip + ipv6.payload + word(frame, ip + ipv6.length)
      : ip + word(frame, ip + ipv4.length);
  return stated > ip ? Math.min(stated, frame.length) : frame.length;
};

const word = (octets: Uint8Array, at: number): number => ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);

const layoutOf = (frame: Uint8Array): Layout | undefined => {
  const ip = ethernet.payload;
  const type = word(frame, ethernet.type);
  if (type === ipv4.type && frame[ip + ipv4.protocol] === tcp.protocol) {
    const at = ip + ((frame[ip] ?? 0) & 0x0f) * 4;
    if (at + tcp.least > frame.length) return undefined;
    return {
      source: ip + ipv4.source,
      destination: ip + ipv4.destination,
      size: ipv4.size,
      headerChecksum: ip + ipv4.checksum,
      tcp: at,
    };
  }
  if (type === ipv6.type && frame[ip + ipv6.next] === tcp.protocol && ip + ipv6.payload + tcp.least <= frame.length)
    return { source: ip + ipv6.source, destination: ip + ipv6.destination, size: ipv6.size, tcp: ip + ipv6.payload };
  return undefined;
};

/** One end of a segment's flow, as octets in hex: address and port. */
export interface End {
  readonly address: string;
  readonly port: number;
}

export interface Ends {
  readonly source: End;
  readonly destination: End;
  readonly seq: number;
}

const hexAt = (frame: Uint8Array, at: number, size: number): string =>
  Buffer.from(frame.subarray(at, at + size)).toString('hex');

export const endsOf = (frame: Uint8Array): Ends | undefined => {
  const layout = layoutOf(frame);
  if (layout === undefined) return undefined;
  return {
    source: { address: hexAt(frame, layout.source, layout.size), port: word(frame, layout.tcp + tcp.source) },
    destination: {
      address: hexAt(frame, layout.destination, layout.size),
      port: word(frame, layout.tcp + tcp.destination),
    },
    seq: Buffer.from(frame).readUInt32BE(layout.tcp + tcp.seq),
  };
};

/** What two testers' versions of one segment have in common: TCP without ports, checksum and, where asked, its number. */
export const essenceOf = (frame: Uint8Array, withSeq: boolean): string => {
  const layout = layoutOf(frame);
  if (layout === undefined) return Buffer.from(frame.subarray(ethernet.payload, statedEnd(frame))).toString('hex');
  const segment = Uint8Array.from(frame.subarray(layout.tcp, statedEnd(frame)));
  segment.fill(0, tcp.source, withSeq ? tcp.seq : tcp.ack);
  segment.fill(0, tcp.checksum, tcp.checksum + 2);
  return Buffer.from(segment).toString('hex');
};

export interface Rewriting {
  readonly sourceMac?: string;
  readonly destinationMac?: string;
  readonly destination?: End;
  /** Added to the acknowledgement number, modulo 2^32. */
  readonly ackBy?: number;
}

/** A copy with what is asked for replaced. */
export const rewrite = (original: Uint8Array, change: Rewriting): Uint8Array => {
  const frame = Uint8Array.from(original);
  if (change.destinationMac !== undefined) frame.set(macOctets(change.destinationMac), ethernet.destination);
  if (change.sourceMac !== undefined) frame.set(macOctets(change.sourceMac), ethernet.source);
  const layout = layoutOf(frame);
  if (layout === undefined) return frame;
  const { headerChecksum } = layout;
  const transport = layout.tcp + tcp.checksum;
  if (change.destination !== undefined) {
    const address = Buffer.from(change.destination.address, 'hex');
    const checksums = headerChecksum === undefined ? [transport] : [headerChecksum, transport];
    replace(frame, layout.destination, address, checksums);
    replace(frame, layout.tcp + tcp.destination, twoOctets(change.destination.port), [transport]);
  }
  if (change.ackBy !== undefined && change.ackBy !== 0 && ((frame[layout.tcp + tcp.flags] ?? 0) & ackFlag) !== 0) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE((Buffer.from(frame).readUInt32BE(layout.tcp + tcp.ack) + change.ackBy) >>> 0);
    replace(frame, layout.tcp + tcp.ack, number, [transport]);
  }
  return frame;
};

const twoOctets = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** Replaces whole words and adjusts the checksums that cover them: HC' = ~(~HC + ~m + m'). */
const replace = (frame: Uint8Array, at: number, octets: Uint8Array, checksums: readonly number[]): void => {
  if (Buffer.from(octets).equals(frame.subarray(at, at + octets.length))) return;
  for (const checksum of checksums) {
    let sum = ~word(frame, checksum) & 0xffff;
    for (let index = 0; index < octets.length; index += 2)
      sum += (~word(frame, at + index) & 0xffff) + word(octets, index);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    frame.set(twoOctets(~sum & 0xffff), checksum);
  }
  frame.set(octets, at);
};

/** The MAC address a frame comes from. */
export const sourceMacOf = (frame: Uint8Array): string =>
  [...frame.subarray(ethernet.source, ethernet.type)].map((octet) => octet.toString(16).padStart(2, '0')).join(':');

/** An address in the form that ends have. */
export const addressKey = (address: string): string => Buffer.from(ipOctets(address)).toString('hex');
