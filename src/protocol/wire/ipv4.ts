/**
 * IPv4 (RFC 791 section 3.1).
 *
 *      0             1     2        4      6                    8     9          10         12       16            20
 *     +-------------+-----+--------+------+--------------------+-----+----------+----------+--------+-------------+---------+
 *     | version, IHL| TOS | length | ident| flags, frag. offset| TTL | protocol | checksum | source | destination | options |
 *     +-------------+-----+--------+------+--------------------+-----+----------+----------+--------+-------------+---------+
 */
import { isMalformed, type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, uint8, uint16 } from '../bytes/octets.js';
import { ipOctets, ipv4Size, ipv4Text } from './address.js';
import { addWords, complement, pseudoHeaderSum } from './checksum.js';
import type { Ip, IpDraft } from './packet.js';

const Field = {
  versionLength: 0,
  trafficClass: 1,
  length: 2,
  identification: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const;

const wordSize = 4;
const dontFragment = 0x4000;
const fragmentOffsetOrMore = 0x3fff;

/** What stands in front of the upper layer, and where that is. */
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
  const missing = shortage('ipv4', at, octets.length, Field.options);
  if (missing !== undefined) return missing;
  const versionLength = uint8(octets, at + Field.versionLength);
  if (versionLength >> 4 !== 4) return malformed('ipv4/version', at, `version ${versionLength >> 4}, 4 expected`);
  const headerLength = (versionLength & 0xf) * wordSize;
  if (headerLength < Field.options)
    return malformed('ipv4/ihl', at, `header length ${headerLength}, at least ${Field.options} needed`);
  const cut = shortage('ipv4/options', at + Field.options, octets.length, headerLength - Field.options);
  if (cut !== undefined) return cut;
  const length = uint16(octets, at + Field.length);
  if (length !== 0 && length < headerLength)
    return malformed(
      'ipv4/length',
      at + Field.length,
      `total length ${length} with a header of ${headerLength} octets`,
    );

  const start = at + headerLength;
  const protocol = uint8(octets, at + Field.protocol);
  const fragment = uint16(octets, at + Field.fragment);
  const plain: Ip = {
    version: 4,
    source: ipv4Text(octets, at + Field.source),
    destination: ipv4Text(octets, at + Field.destination),
    protocol,
    ttl: uint8(octets, at + Field.ttl),
    length,
    checksum: uint16(octets, at + Field.checksum),
    checksumState: complement(addWords(0, octets, at, start)) === 0 ? 'valid' : 'invalid',
    identification: uint16(octets, at + Field.identification),
    trafficClass: uint8(octets, at + Field.trafficClass),
    fragment,
  };
  const ip = headerLength === Field.options ? plain : { ...plain, options: octets.subarray(at + Field.options, start) };
  const head = {
    ip,
    start,
    end: length === 0 ? octets.length : Math.min(octets.length, at + length),
    fragmented: (fragment & fragmentOffsetOrMore) !== 0,
    pseudo: pseudoHeaderSum(octets, at + Field.source, at + Field.options, 0, protocol),
  };
  const defect = lengthDefect('ipv4/length', at + Field.length, length, length, octets.length - at);
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
  const missing = shortage('ipv4', at, end, Field.options);
  if (missing !== undefined) return missing;
  const versionLength = uint8(octets, at + Field.versionLength);
  if (versionLength >> 4 !== 4) return malformed('ipv4/version', at, `version ${versionLength >> 4}, 4 expected`);
  const start = at + (versionLength & 0xf) * wordSize;
  const length = uint16(octets, at + Field.length);
  const stated = length === 0 ? end : at + length;
  if (start < at + Field.options || start > end || stated < start)
    return malformed('ipv4/length', at, `header length ${start - at}, total length ${length}, ${end - at} octets left`);
  return {
    protocol: uint8(octets, at + Field.protocol),
    start,
    end: Math.min(end, stated),
    fragmented: (uint16(octets, at + Field.fragment) & fragmentOffsetOrMore) !== 0,
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
    return malformed(path, offset, `length 0, as segmentation offload leaves it; ${there} octets taken`);
  return needed > there ? malformed(path, offset, `${there} octets left, ${needed} needed`) : undefined;
}

export const ipv4Length = (draft: IpDraft): number => Field.options + paddedLength(draft.options);

const paddedLength = (options: Uint8Array | undefined): number =>
  options === undefined ? 0 : Math.ceil(options.length / wordSize) * wordSize;

/** Writes the header in front of `payloadLength` octets and returns the pseudo-header's partial sum without a length. */
export function writeIpv4(
  draft: IpDraft,
  protocol: number,
  payloadLength: number,
  into: Uint8Array,
  at: number,
): number {
  const headerLength = ipv4Length(draft);
  putUint8(into, at + Field.versionLength, (4 << 4) | (headerLength / wordSize));
  putUint8(into, at + Field.trafficClass, draft.trafficClass ?? 0);
  putUint16(into, at + Field.length, draft.length ?? headerLength + payloadLength);
  putUint16(into, at + Field.identification, draft.identification ?? 0);
  putUint16(into, at + Field.fragment, draft.fragment ?? dontFragment);
  putUint8(into, at + Field.ttl, draft.ttl ?? 64);
  putUint8(into, at + Field.protocol, draft.protocol ?? protocol);
  putUint16(into, at + Field.checksum, 0);
  putOctets(into, at + Field.source, ipOctets(draft.source));
  putOctets(into, at + Field.destination, ipv4Destination(draft));
  if (draft.options !== undefined) {
    into.fill(0, at + Field.options, at + headerLength);
    putOctets(into, at + Field.options, draft.options);
  }
  const checksum = draft.checksum ?? complement(addWords(0, into, at, at + headerLength));
  putUint16(into, at + Field.checksum, checksum);
  return pseudoHeaderSum(into, at + Field.source, at + Field.options, 0, protocol);
}

function ipv4Destination(draft: IpDraft): Uint8Array {
  const octets = ipOctets(draft.destination);
  if (octets.length === ipv4Size) return octets;
  throw new RangeError(`addresses of two IP versions: ${draft.source} and ${draft.destination}`);
}
