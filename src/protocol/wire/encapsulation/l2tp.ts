/**
 * L2TP version 2 over UDP (RFC 2661 section 3.1). Flags tell which fields there are; control messages carry no datagrams.
 *
 *      0                2 (L)    2 or 4            6 or 8           (S)       (O)
 *     +----------------+--------+---------+-------+----------------+---------+----------------------+-----+
 *     | flags, version | length | tunnel  | session               | Ns, Nr  | offset size, padding | PPP |
 *     +----------------+--------+---------+-----------------------+---------+----------------------+-----+
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint16 } from '../../bytes/octets.js';
import { type Carried, carriedOne, type Encapsulation, type HeaderFields } from './carried.js';

const Field = { flags: 0, optional: 2 } as const;
const Flag = { control: 0x8000, length: 0x4000, sequence: 0x0800, offset: 0x0200 } as const;
const versionMask = 0x000f;
const versionTwo = 2;
const Size = { length: 2, tunnelAndSession: 4, sequence: 4, offset: 2 } as const;
const Ids = { tunnel: 0, session: 2 } as const;

const idsAt = (flags: number): number => Field.optional + ((flags & Flag.length) === 0 ? 0 : Size.length);

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  const flags = uint16(octets, start + Field.flags);
  const offsetAt = idsAt(flags) + Size.tunnelAndSession + ((flags & Flag.sequence) === 0 ? 0 : Size.sequence);
  const hasOffset = (flags & Flag.offset) !== 0;
  const missing = shortage('l2tp', start, end, offsetAt + (hasOffset ? Size.offset : 0));
  if (missing !== undefined) return missing;
  if ((flags & Flag.control) !== 0 || (flags & versionMask) !== versionTwo) return undefined;
  const padding = hasOffset ? Size.offset + uint16(octets, start + offsetAt) : 0;
  const stated = uint16(octets, start + Field.optional);
  const payloadEnd = (flags & Flag.length) === 0 || stated === 0 ? end : Math.min(end, start + stated);
  return carriedOne('PPP frame', start + offsetAt + padding, payloadEnd);
}

function fields(octets: Uint8Array, start: number): HeaderFields {
  const ids = start + idsAt(uint16(octets, start + Field.flags));
  return { tunnel: uint16(octets, ids + Ids.tunnel), session: uint16(octets, ids + Ids.session) };
}

export const l2tpEncapsulation: Encapsulation = { header: 'l2tp', read, fields };
