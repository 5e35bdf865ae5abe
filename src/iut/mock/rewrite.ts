/**
 * Frames of a recording for a tester that has other addresses and ports than the recorded one. Only those are replaced, and
 * sequence numbers by a distance; checksums are adjusted to the change (RFC 1624), so a wrong one stays as wrong as it was.
 */
import { uint8, uint16, uint32 } from '../../protocol/bytes/octets.js';
import { ipOctets, ipv4Size, ipv6Size, macOctets, macText } from '../../protocol/wire/address.js';
import { EthernetField, EtherType } from '../../protocol/wire/ethernet.js';
import { Protocol, statedLength } from '../../protocol/wire/ip.js';
import { Ipv4Field, ipv4HeaderLength } from '../../protocol/wire/ipv4.js';
import { Ipv6Field } from '../../protocol/wire/ipv6.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { TcpField } from '../../protocol/wire/tcp.js';

/** The tester's link has no VLAN tags. */
const ip = EthernetField.end;

/** Where things stand in a TCP segment's frame; undefined for everything else. */
interface Layout {
  readonly source: number;
  readonly destination: number;
  readonly size: number;
  /** The IPv4 header's checksum. */
  readonly headerChecksum?: number;
  readonly tcp: number;
}

/** Octets up to the end that the IP header states: after it a short frame is padded on some links. */
const statedEnd = (frame: Uint8Array): number => {
  const stated = statedLength(frame, ip, uint16(frame, EthernetField.etherType) === EtherType.ipv6 ? 6 : 4);
  return stated > 0 ? Math.min(ip + stated, frame.length) : frame.length;
};

const layoutOf = (frame: Uint8Array): Layout | undefined => {
  switch (uint16(frame, EthernetField.etherType)) {
    case EtherType.ipv4: {
      const at = ip + ipv4HeaderLength(frame, ip);
      if (uint8(frame, ip + Ipv4Field.protocol) !== Protocol.tcp || at + TcpField.end > frame.length) return undefined;
      return {
        source: ip + Ipv4Field.source,
        destination: ip + Ipv4Field.destination,
        size: ipv4Size,
        headerChecksum: ip + Ipv4Field.checksum,
        tcp: at,
      };
    }
    case EtherType.ipv6: {
      const at = ip + Ipv6Field.end;
      if (uint8(frame, ip + Ipv6Field.nextHeader) !== Protocol.tcp || at + TcpField.end > frame.length)
        return undefined;
      return { source: ip + Ipv6Field.source, destination: ip + Ipv6Field.destination, size: ipv6Size, tcp: at };
    }
    default:
      return undefined;
  }
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
    source: {
      address: hexAt(frame, layout.source, layout.size),
      port: uint16(frame, layout.tcp + TcpField.sourcePort),
    },
    destination: {
      address: hexAt(frame, layout.destination, layout.size),
      port: uint16(frame, layout.tcp + TcpField.destinationPort),
    },
    seq: uint32(frame, layout.tcp + TcpField.seq),
  };
};

/** What two testers' versions of one segment have in common: TCP without ports, checksum and, where asked, its number. */
export const essenceOf = (frame: Uint8Array, withSeq: boolean): string => {
  const layout = layoutOf(frame);
  if (layout === undefined) return Buffer.from(frame.subarray(ip, statedEnd(frame))).toString('hex');
  const segment = Uint8Array.from(frame.subarray(layout.tcp, statedEnd(frame)));
  segment.fill(0, TcpField.sourcePort, withSeq ? TcpField.seq : TcpField.ack);
  segment.fill(0, TcpField.checksum, TcpField.checksum + 2);
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
  if (change.destinationMac !== undefined) frame.set(macOctets(change.destinationMac), EthernetField.destination);
  if (change.sourceMac !== undefined) frame.set(macOctets(change.sourceMac), EthernetField.source);
  const layout = layoutOf(frame);
  if (layout === undefined) return frame;
  const { headerChecksum } = layout;
  const transport = layout.tcp + TcpField.checksum;
  if (change.destination !== undefined) {
    const address = Buffer.from(change.destination.address, 'hex');
    const checksums = headerChecksum === undefined ? [transport] : [headerChecksum, transport];
    replace(frame, layout.destination, address, checksums);
    replace(frame, layout.tcp + TcpField.destinationPort, twoOctets(change.destination.port), [transport]);
  }
  if (
    change.ackBy !== undefined &&
    change.ackBy !== 0 &&
    (uint8(frame, layout.tcp + TcpField.flags) & TcpFlag.ACK) !== 0
  ) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE((uint32(frame, layout.tcp + TcpField.ack) + change.ackBy) >>> 0);
    replace(frame, layout.tcp + TcpField.ack, number, [transport]);
  }
  return frame;
};

const twoOctets = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** Replaces whole words and adjusts the checksums that cover them: HC' = ~(~HC + ~m + m'). */
const replace = (frame: Uint8Array, at: number, octets: Uint8Array, checksums: readonly number[]): void => {
  if (Buffer.from(octets).equals(frame.subarray(at, at + octets.length))) return;
  for (const checksum of checksums) {
    let sum = ~uint16(frame, checksum) & 0xffff;
    for (let index = 0; index < octets.length; index += 2)
      sum += (~uint16(frame, at + index) & 0xffff) + uint16(octets, index);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    frame.set(twoOctets(~sum & 0xffff), checksum);
  }
  frame.set(octets, at);
};

/** The MAC address a frame comes from. */
export const sourceMacOf = (frame: Uint8Array): string => macText(frame, EthernetField.source);

/** An address in the form that ends have. */
export const addressKey = (address: string): string => Buffer.from(ipOctets(address)).toString('hex');
