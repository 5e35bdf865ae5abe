/**
 * IPv4 (RFC 791 section 3.1).
 *
 *      0             1     2        4      6                    8     9          10         12       16            20
 *     +-------------+-----+--------+------+--------------------+-----+----------+----------+--------+-------------+---------+
 *     | version, IHL| TOS | length | ident| flags, frag. offset| TTL | protocol | checksum | source | destination | options |
 *     +-------------+-----+--------+------+--------------------+-----+----------+----------+--------+-------------+---------+
 */

import { countOctets } from '../bytes/count-octets.js';
import { isMalformed, type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, uint8, uint16 } from '../bytes/octets.js';
import { number, octets } from '../layout/field.js';
import { offsetsIn } from '../layout/header.js';
import { ipOctets, ipVersionOf, ipv4Size, ipv4Text } from './address.js';
import { addWords, complement, pseudoHeaderSum } from './checksum.js';
import type { Ip, IpDraft } from './packet.js';

/** The header without options. */
export const ipv4Header = {
  version: number(4, 'version'),
  headerLength: number(4, 'header length in 32-bit words'),
  trafficClass: number(8, 'type of service', { shown: 'hex' }),
  length: number(16, 'total length'),
  identification: number(16, 'identification', { shown: 'hex' }),
  fragment: number(16, 'flags (3 bits) and fragment offset', { shown: 'hex' }),
  ttl: number(8, 'time to live'),
  protocol: number(8, 'protocol of the upper layer'),
  checksum: number(16, 'header checksum', { shown: 'hex' }),
  source: octets([ipv4Size], 'source address'),
  destination: octets([ipv4Size], 'destination address'),
} as const;

/** Where its fields start; version and header length share an octet, the options start at `end`. */
export const Ipv4Field = offsetsIn(ipv4Header);

const wordSize = 4;
const dontFragment = 0x4000;
/** Bits of `fragment` that are set in every piece of a fragmented datagram. */
export const fragmentOffsetOrMore = 0x3fff;

/** Octets of the header at `at`, options included. */
export const ipv4HeaderLength = (octets: Uint8Array, at: number): number =>
  (uint8(octets, at + Ipv4Field.headerLength) & 0xf) * wordSize;

/** What stands before the upper layer, and where that is. */
export interface IpHead {
  readonly ip: Ip;
  readonly start: number;
  /** End of the datagram as stated, or of the frame when that comes first. */
  readonly end: number;
  /** Whether this is a piece of a fragmented datagram. */
  readonly fragmented: boolean;
  /** Partial sum of the pseudo-header without the upper-layer length. */
  readonly pseudo: number;
  /** See `TcpPacket.defect`. */
  readonly defect?: Malformed;
}

export function decodeIpv4(octets: Uint8Array, at: number): IpHead | Malformed {
  const missing = shortage('ipv4', at, octets.length, Ipv4Field.end);
  if (missing !== undefined) return missing;
  const version = ipVersionOf(octets, at);
  if (version !== 4) return malformed('ipv4/version', at, `version ${version}, 4 expected`);
  const headerLength = ipv4HeaderLength(octets, at);
  if (headerLength < Ipv4Field.end)
    return malformed('ipv4/ihl', at, `header length ${headerLength}, at least ${Ipv4Field.end} needed`);
  const cut = shortage('ipv4/options', at + Ipv4Field.end, octets.length, headerLength - Ipv4Field.end);
  if (cut !== undefined) return cut;
  const length = uint16(octets, at + Ipv4Field.length);
  if (length !== 0 && length < headerLength)
    return malformed(
      'ipv4/length',
      at + Ipv4Field.length,
      `total length ${length} with a header of ${countOctets(headerLength)}`,
    );

  const start = at + headerLength;
  const protocol = uint8(octets, at + Ipv4Field.protocol);
  const fragment = uint16(octets, at + Ipv4Field.fragment);
  const plain: Ip = {
    version: 4,
    source: ipv4Text(octets, at + Ipv4Field.source),
    destination: ipv4Text(octets, at + Ipv4Field.destination),
    protocol,
    ttl: uint8(octets, at + Ipv4Field.ttl),
    length,
    checksum: uint16(octets, at + Ipv4Field.checksum),
    checksumState: complement(addWords(0, octets, at, start)) === 0 ? 'valid' : 'invalid',
    identification: uint16(octets, at + Ipv4Field.identification),
    trafficClass: uint8(octets, at + Ipv4Field.trafficClass),
    fragment,
  };
  const ip = headerLength === Ipv4Field.end ? plain : { ...plain, options: octets.subarray(at + Ipv4Field.end, start) };
  const head = {
    ip,
    start,
    end: length === 0 ? octets.length : Math.min(octets.length, at + length),
    fragmented: (fragment & fragmentOffsetOrMore) !== 0,
    pseudo: pseudoHeaderSum(octets, at + Ipv4Field.source, at + Ipv4Field.end, 0, protocol),
  };
  const defect = lengthDefect('ipv4/length', at + Ipv4Field.length, length, length, octets.length - at);
  return defect === undefined ? head : { ...head, defect };
}

/** What a datagram carries, for who asks for nothing else of its header. */
export interface IpUpper {
  readonly protocol: number;
  readonly start: number;
  /** As stated, or where the octets end. */
  readonly end: number;
  /** Whether this is a piece of a fragmented datagram. */
  readonly fragmented: boolean;
}

/** The same of the datagram `at` to `end` as {@link decodeIpv4} tells, without making a record of its header. */
export function ipv4Upper(octets: Uint8Array, at: number, end: number): IpUpper | Malformed {
  const missing = shortage('ipv4', at, end, Ipv4Field.end);
  if (missing !== undefined) return missing;
  const version = ipVersionOf(octets, at);
  if (version !== 4) return malformed('ipv4/version', at, `version ${version}, 4 expected`);
  const start = at + ipv4HeaderLength(octets, at);
  const length = uint16(octets, at + Ipv4Field.length);
  const stated = length === 0 ? end : at + length;
  if (start < at + Ipv4Field.end || start > end || stated < start)
    return malformed(
      'ipv4/length',
      at,
      `header length ${start - at}, total length ${length}, ${countOctets(end - at)} left`,
    );
  return {
    protocol: uint8(octets, at + Ipv4Field.protocol),
    start,
    end: Math.min(end, stated),
    fragmented: (uint16(octets, at + Ipv4Field.fragment) & fragmentOffsetOrMore) !== 0,
  };
}

/** Whether an IPv4 header with a right checksum starts at `at`. */
export function isWholeIpv4Header(octets: Uint8Array, at: number, end: number): boolean {
  const upper = ipv4Upper(octets, at, end);
  return !isMalformed(upper) && complement(addWords(0, octets, at, upper.start)) === 0;
}

/** How a stated IP length disagrees with the `there` octets that the frame has for it. */
export function lengthDefect(
  path: string,
  offset: number,
  stated: number,
  needed: number,
  there: number,
): Malformed | undefined {
  if (stated === 0)
    return malformed(path, offset, `length 0, as segmentation offload leaves it; ${countOctets(there)} taken`);
  return needed > there ? malformed(path, offset, `${countOctets(there)} left, ${needed} needed`) : undefined;
}

export const ipv4Length = (draft: IpDraft): number => Ipv4Field.end + paddedLength(draft.options);

const paddedLength = (options: Uint8Array | undefined): number =>
  options === undefined ? 0 : Math.ceil(options.length / wordSize) * wordSize;

/** Writes the header before `payloadLength` octets and returns the pseudo-header's partial sum without a length. */
export function writeIpv4(
  draft: IpDraft,
  protocol: number,
  payloadLength: number,
  into: Uint8Array,
  at: number,
): number {
  const headerLength = ipv4Length(draft);
  putUint8(into, at + Ipv4Field.version, (4 << 4) | (headerLength / wordSize));
  putUint8(into, at + Ipv4Field.trafficClass, draft.trafficClass ?? 0);
  putUint16(into, at + Ipv4Field.length, draft.length ?? headerLength + payloadLength);
  putUint16(into, at + Ipv4Field.identification, draft.identification ?? 0);
  putUint16(into, at + Ipv4Field.fragment, draft.fragment ?? dontFragment);
  putUint8(into, at + Ipv4Field.ttl, draft.ttl ?? 64);
  putUint8(into, at + Ipv4Field.protocol, draft.protocol ?? protocol);
  putUint16(into, at + Ipv4Field.checksum, 0);
  putOctets(into, at + Ipv4Field.source, ipOctets(draft.source));
  putOctets(into, at + Ipv4Field.destination, ipv4Destination(draft));
  if (draft.options !== undefined) {
    into.fill(0, at + Ipv4Field.end, at + headerLength);
    putOctets(into, at + Ipv4Field.end, draft.options);
  }
  const checksum = draft.checksum ?? complement(addWords(0, into, at, at + headerLength));
  putUint16(into, at + Ipv4Field.checksum, checksum);
  return pseudoHeaderSum(into, at + Ipv4Field.source, at + Ipv4Field.end, 0, protocol);
}

function ipv4Destination(draft: IpDraft): Uint8Array {
  const octets = ipOctets(draft.destination);
  if (octets.length === ipv4Size) return octets;
  throw new RangeError(`addresses of two IP versions: ${draft.source} and ${draft.destination}`);
}
