/**
 * PPPoE in its session stage (RFC 2516 section 4). Discovery has an EtherType of its own and carries no datagrams.
 *
 *      0               1      2         4        6
 *     +---------------+------+---------+--------+-------------+
 *     | version, type | code | session | length | PPP         |
 *     +---------------+------+---------+--------+-------------+
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16 } from '../../bytes/octets.js';
import { type Carried, carried, carriedOne, type Encapsulation } from './carried.js';

const Field = { version: 0, code: 1, session: 2, length: 4, payload: 6 } as const;
const sessionData = 0;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed {
  const missing = shortage('pppoe', start, end, Field.payload);
  if (missing !== undefined) return missing;
  const payload = start + Field.payload;
  const code = uint8(octets, start + Field.code);
  if (code !== sessionData) return carried('PPPoE code', code, payload, end);
  const length = uint16(octets, start + Field.length);
  // Receive offload that merges frames of a session may leave any length here; the datagram has its own.
  return carriedOne('PPP frame', payload, length === 0 ? end : Math.min(end, payload + length));
}

export const pppoeEncapsulation: Encapsulation = {
  header: 'pppoe',
  read,
  fields: (octets, start) => ({ session: uint16(octets, start + Field.session) }),
};
