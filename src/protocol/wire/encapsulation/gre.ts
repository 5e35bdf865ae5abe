/**
 * GRE (RFC 2784 section 2, RFC 2890 section 2, RFC 1701 for routing) and the enhanced GRE of PPTP (RFC 2637 section 4.1).
 *
 *      0                2          4                     fields that the flags announce
 *     +----------------+----------+-----------------------+-----------+----------------+----------------+---------+
 *     | flags, version | protocol | checksum, offset C, R | key (4) K | sequence (4) S | acknowl. (4) A | routing |
 *     +----------------+----------+-----------------------+-----------+----------------+----------------+---------+
 *
 * The protocol is an EtherType: 0x6558 is a whole Ethernet frame (NVGRE, RFC 7637), 0x880b PPP, 0x88be a mirrored frame.
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16, uint32 } from '../../bytes/octets.js';
import { EtherType } from '../ethernet.js';
import { type Carried, carried, carriedOne, type Encapsulation, type HeaderFields } from './carried.js';

const Field = { flags: 0, protocol: 2, optional: 4 } as const;
const Flag = { checksum: 0x8000, routing: 0x4000, key: 0x2000, sequence: 0x1000, acknowledgment: 0x0080 } as const;
const versionMask = 0x0007;
const Version = { plain: 0, enhanced: 1 } as const;
const optionalSize = 4;
/** In the key of enhanced GRE: how long the payload is, and which call it belongs to. */
const Call = { length: 0, id: 2 } as const;
/** A source route entry; one without family and length is the last. */
const Route = { family: 0, length: 3, octets: 4 } as const;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  const missing = shortage('gre', start, end, Field.optional);
  if (missing !== undefined) return missing;
  const flags = uint16(octets, start + Field.flags);
  const protocol = uint16(octets, start + Field.protocol);
  const version = flags & versionMask;
  if (version !== Version.plain && version !== Version.enhanced) return undefined;
  const cut = shortage('gre', start, end, fixedLength(flags));
  if (cut !== undefined) return cut;
  const payload = start + fixedLength(flags);
  if (version === Version.enhanced) {
    if (protocol !== EtherType.ppp || (flags & Flag.key) === 0) return undefined;
    const length = uint16(octets, start + keyAt(flags) + Call.length);
    return carriedOne('PPP frame', payload, Math.min(end, payload + length));
  }
  const routed = (flags & Flag.routing) === 0 ? payload : afterRoutes(octets, payload, end);
  if (typeof routed !== 'number') return routed;
  // Without a sequence number the mirrored frame follows at once (type I), otherwise it has a header of its own.
  if (protocol === EtherType.mirror)
    return carriedOne((flags & Flag.sequence) === 0 ? 'Ethernet frame' : 'ERSPAN frame', routed, end);
  return carried('EtherType', protocol, routed, end);
}

const keyAt = (flags: number): number =>
  Field.optional + ((flags & (Flag.checksum | Flag.routing)) === 0 ? 0 : optionalSize);

const fixedLength = (flags: number): number =>
  keyAt(flags) +
  ((flags & Flag.key) === 0 ? 0 : optionalSize) +
  ((flags & Flag.sequence) === 0 ? 0 : optionalSize) +
  ((flags & versionMask) === Version.enhanced && (flags & Flag.acknowledgment) !== 0 ? optionalSize : 0);

function afterRoutes(octets: Uint8Array, from: number, end: number): number | Malformed {
  for (let at = from; ; ) {
    const cut = shortage('gre/routing', at, end, Route.octets);
    if (cut !== undefined) return cut;
    const length = uint8(octets, at + Route.length);
    const isLast = length === 0 && uint16(octets, at + Route.family) === 0;
    at += Route.octets + length;
    if (isLast) return at;
  }
}

function fields(octets: Uint8Array, start: number): HeaderFields {
  const flags = uint16(octets, start + Field.flags);
  if ((flags & Flag.key) === 0) return {};
  const key = start + keyAt(flags);
  return (flags & versionMask) === Version.enhanced
    ? { call: uint16(octets, key + Call.id) }
    : { key: uint32(octets, key) };
}

export const greEncapsulation: Encapsulation = { header: 'gre', read, fields };
