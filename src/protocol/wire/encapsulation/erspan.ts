/**
 * ERSPAN, frames that a switch mirrors to a host over GRE (draft-foschiano-erspan): version 1 in the first four bits is type II, whose
 * header has eight octets; version 2 is type III, with twelve and, where its last bit is set, eight more.
 *
 *      0             2                          4                8
 *     +-------------+--------------------------+----------------+-------------------------+
 *     | version, VLAN| class, flags, session id | index          | timestamp … of type III |
 *     +-------------+--------------------------+----------------+-------------------------+
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16 } from '../../bytes/octets.js';
import { type Carried, carriedOne, type Encapsulation } from './carried.js';

const Field = { version: 0, session: 2, frameOfTypeTwo: 8, hasMore: 11, frameOfTypeThree: 12 } as const;
const Version = { typeTwo: 1, typeThree: 2 } as const;
const sessionMask = 0x03ff;
const moreBit = 0x01;
const moreSize = 8;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  const version = uint8(octets, start + Field.version) >> 4;
  if (version !== Version.typeTwo && version !== Version.typeThree) return undefined;
  const least = version === Version.typeTwo ? Field.frameOfTypeTwo : Field.frameOfTypeThree;
  const missing = shortage('erspan', start, end, least);
  if (missing !== undefined) return missing;
  const hasMore = version === Version.typeThree && (uint8(octets, start + Field.hasMore) & moreBit) !== 0;
  const length = least + (hasMore ? moreSize : 0);
  return shortage('erspan', start, end, length) ?? carriedOne('Ethernet frame', start + length, end);
}

export const erspanEncapsulation: Encapsulation = {
  header: 'erspan',
  read,
  fields: (octets, start) => ({ session: uint16(octets, start + Field.session) & sessionMask }),
};
