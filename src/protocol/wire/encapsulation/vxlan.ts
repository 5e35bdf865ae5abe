/**
 * VXLAN (RFC 7348 section 5), also with a group policy, and VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe), which says what it carries.
 *
 *      0       1 to 2     3               4                    7
 *     +-------+----------+---------------+--------------------+----------+-------------+
 *     | flags | reserved | next protocol | network identifier | reserved | frame       |
 *     +-------+----------+---------------+--------------------+----------+-------------+
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint32 } from '../../bytes/octets.js';
import { EtherType } from '../ethernet.js';
import { type Carried, carried, carriedOne, type Encapsulation } from './carried.js';

const Field = { flags: 0, nextProtocol: 3, network: 4, payload: 8 } as const;
const Flag = { network: 0x08, nextProtocol: 0x04 } as const;
const Next = { ipv4: 1, ipv6: 2, ethernet: 3, mpls: 5 } as const;
const networkShift = 8;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  const missing = shortage('vxlan', start, end, Field.payload);
  if (missing !== undefined) return missing;
  const flags = uint8(octets, start + Field.flags);
  if ((flags & Flag.network) === 0) return undefined;
  const payload = start + Field.payload;
  if ((flags & Flag.nextProtocol) === 0) return carriedOne('Ethernet frame', payload, end);
  switch (uint8(octets, start + Field.nextProtocol)) {
    case Next.ipv4:
      return carried('EtherType', EtherType.ipv4, payload, end);
    case Next.ipv6:
      return carried('EtherType', EtherType.ipv6, payload, end);
    case Next.ethernet:
      return carriedOne('Ethernet frame', payload, end);
    case Next.mpls:
      return carried('EtherType', EtherType.mpls, payload, end);
    default:
      return undefined;
  }
}

export const vxlanEncapsulation: Encapsulation = {
  header: 'vxlan',
  read,
  fields: (octets, start) => ({ network: uint32(octets, start + Field.network) >>> networkShift }),
};
