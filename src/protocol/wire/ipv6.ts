/**
 * IPv6 (RFC 8200 section 3) with the extension headers that lead to the upper layer (section 4).
 *
 *      0                                     4                6             7           8        24            40
 *     +-------------------------------------+----------------+-------------+-----------+--------+-------------+-----------+
 *     | version, traffic class, flow label  | payload length | next header | hop limit | source | destination | extensions|
 *     +-------------------------------------+----------------+-------------+-----------+--------+-------------+-----------+
 */
import { type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, putUint32, uint8, uint16, uint32 } from '../bytes/octets.js';
import { number, octets } from '../layout/field.js';
import { offsetsIn } from '../layout/header.js';
import { ipOctets, ipVersionOf, ipv6Size, ipv6Text } from './address.js';
import { pseudoHeaderSum } from './checksum.js';
import { type IpHead, type IpUpper, lengthDefect } from './ipv4.js';
import type { Ip, IpDraft } from './packet.js';

/** The header without its extensions. */
export const ipv6Header = {
  version: number(4, 'version'),
  trafficClass: number(8, 'traffic class', { shown: 'hex' }),
  flowLabel: number(20, 'flow label', { shown: 'hex' }),
  length: number(16, 'payload length'),
  nextHeader: number(8, 'type of the next header'),
  hopLimit: number(8, 'hop limit'),
  source: octets([ipv6Size], 'source address'),
  destination: octets([ipv6Size], 'destination address'),
} as const;

/** Where its fields start; the first word holds version, traffic class and flow label, the extensions start at `end`. */
export const Ipv6Field = offsetsIn(ipv6Header);

/** An extension header: `next header | length | …`; the fragment header has its offset at 2 and always 8 octets. */
const Extension = { nextHeader: 0, length: 1, fragment: 2, unit: 8 } as const;

/** Extension headers that are skipped on the way to the upper layer. */
const ExtensionType = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const;

const offsetOrMore = 0xfff9;

export function decodeIpv6(octets: Uint8Array, at: number): IpHead | Malformed {
  const missing = shortage('ipv6', at, octets.length, Ipv6Field.end);
  if (missing !== undefined) return missing;
  const versionClassLabel = uint32(octets, at + Ipv6Field.version);
  const version = versionClassLabel >>> 28;
  if (version !== 6) return malformed('ipv6/version', at, `version ${version}, 6 expected`);
  const length = uint16(octets, at + Ipv6Field.length);
  const there = octets.length - at - Ipv6Field.end;
  const end = at + Ipv6Field.end + (length === 0 ? there : Math.min(length, there));
  const first = uint8(octets, at + Ipv6Field.nextHeader);
  const chain = followExtensions(octets, at + Ipv6Field.end, end, first);
  if ('why' in chain) return chain;
  const plain: Ip = {
    version: 6,
    source: ipv6Text(octets, at + Ipv6Field.source),
    destination: ipv6Text(octets, at + Ipv6Field.destination),
    protocol: chain.protocol,
    ttl: uint8(octets, at + Ipv6Field.hopLimit),
    length,
    trafficClass: (versionClassLabel >>> 20) & 0xff,
    flowLabel: versionClassLabel & 0xfffff,
  };
  const extensionsAt = at + Ipv6Field.end;
  const ip =
    chain.start === extensionsAt
      ? plain
      : { ...plain, extensions: { first, octets: octets.subarray(extensionsAt, chain.start) } };
  const head = {
    ip,
    start: chain.start,
    end,
    fragmented: chain.fragmented,
    pseudo: pseudoHeaderSum(octets, at + Ipv6Field.source, at + Ipv6Field.end, 0, chain.protocol),
  };
  // Without payload the length is 0 (RFC 8200 section 3); with payload a 0 is what segmentation offload leaves.
  const defect =
    length === 0 && there === 0 ? undefined : lengthDefect('ipv6/length', at + Ipv6Field.length, length, length, there);
  return defect === undefined ? head : { ...head, defect };
}

/** What the datagram `at` to `end` carries after its extension headers, as {@link decodeIpv6} tells, without a record of its header. */
export function ipv6Upper(octets: Uint8Array, at: number, end: number): IpUpper | Malformed {
  const missing = shortage('ipv6', at, end, Ipv6Field.end);
  if (missing !== undefined) return missing;
  const version = ipVersionOf(octets, at);
  if (version !== 6) return malformed('ipv6/version', at, `version ${version}, 6 expected`);
  const length = uint16(octets, at + Ipv6Field.length);
  const until = length === 0 ? end : Math.min(end, at + Ipv6Field.end + length);
  const chain = followExtensions(octets, at + Ipv6Field.end, until, uint8(octets, at + Ipv6Field.nextHeader));
  if ('why' in chain) return chain;
  return { protocol: chain.protocol, start: chain.start, end: until, fragmented: chain.fragmented };
}

/** Whether an IPv6 header starts at `at` whose length fits the octets up to `end`. */
export const isFittingIpv6Header = (octets: Uint8Array, at: number, end: number): boolean =>
  shortage('ipv6', at, end, Ipv6Field.end) === undefined &&
  uint16(octets, at + Ipv6Field.length) <= end - at - Ipv6Field.end;

interface Chain {
  readonly protocol: number;
  readonly start: number;
  readonly fragmented: boolean;
}

function followExtensions(octets: Uint8Array, from: number, end: number, first: number): Chain | Malformed {
  let protocol = first;
  let at = from;
  let fragmented = false;
  while (isExtension(protocol)) {
    const cut = shortage('ipv6/extension', at, end, Extension.unit);
    if (cut !== undefined) return cut;
    const size = extensionSize(protocol, uint8(octets, at + Extension.length));
    const short = shortage('ipv6/extension', at, end, size);
    if (short !== undefined) return short;
    if (protocol === ExtensionType.fragment)
      fragmented ||= (uint16(octets, at + Extension.fragment) & offsetOrMore) !== 0;
    protocol = uint8(octets, at + Extension.nextHeader);
    at += size;
    // What follows the header of a later fragment is no header but data (RFC 8200 section 4.5).
    if (fragmented) break;
  }
  return { protocol, start: at, fragmented };
}

function isExtension(protocol: number): boolean {
  switch (protocol) {
    case ExtensionType.hopByHop:
    case ExtensionType.routing:
    case ExtensionType.fragment:
    case ExtensionType.authentication:
    case ExtensionType.destination:
      return true;
    default:
      return false;
  }
}

/** RFC 8200 section 4: in units of 8 octets without the first; RFC 4302 section 2.2: in words of 4 without the first two. */
function extensionSize(type: number, length: number): number {
  if (type === ExtensionType.fragment) return Extension.unit;
  if (type === ExtensionType.authentication) return (length + 2) * 4;
  return (length + 1) * Extension.unit;
}

export const ipv6Length = (draft: IpDraft): number => Ipv6Field.end + (draft.extensions?.octets.length ?? 0);

/** Writes the header before `payloadLength` octets and returns the pseudo-header's partial sum without a length. */
export function writeIpv6(
  draft: IpDraft,
  protocol: number,
  payloadLength: number,
  into: Uint8Array,
  at: number,
): number {
  const extensions = draft.extensions;
  const destination = ipOctets(draft.destination);
  if (destination.length !== ipv6Size)
    throw new RangeError(`addresses of two IP versions: ${draft.source} and ${draft.destination}`);
  putUint32(
    into,
    at + Ipv6Field.version,
    (6 << 28) | ((draft.trafficClass ?? 0) << 20) | ((draft.flowLabel ?? 0) & 0xfffff),
  );
  putUint16(into, at + Ipv6Field.length, draft.length ?? payloadLength + (extensions?.octets.length ?? 0));
  putUint8(into, at + Ipv6Field.nextHeader, extensions?.first ?? draft.protocol ?? protocol);
  putUint8(into, at + Ipv6Field.hopLimit, draft.ttl ?? 64);
  putOctets(into, at + Ipv6Field.source, ipOctets(draft.source));
  putOctets(into, at + Ipv6Field.destination, destination);
  if (extensions !== undefined) putOctets(into, at + Ipv6Field.end, extensions.octets);
  return pseudoHeaderSum(into, at + Ipv6Field.source, at + Ipv6Field.end, 0, protocol);
}
