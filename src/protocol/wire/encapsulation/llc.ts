/**
 * IEEE 802.2 LLC, which follows an 802.3 header whose type field is a length, and SNAP, which gives it EtherTypes again:
 *
 *      0      1      2         3 or 4
 *     +------+------+---------+
 *     | DSAP | SSAP | control |       control is one octet in the unnumbered frames that carry datagrams
 *     +------+------+---------+
 *     | 0xaa | 0xaa |  0x03   | organisation (3) | type (2) |
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16 } from '../../bytes/octets.js';
import { EtherType } from '../ethernet.js';
import { type Carried, carried, type Encapsulation, type HeaderFields } from './carried.js';

const Field = { dsap: 0, ssap: 1, control: 2, organisation: 3, etherType: 6, snapPayload: 8, payload: 3 } as const;
const Sap = { ip: 0x06, snap: 0xaa } as const;
const unnumbered = 0x03;

/** Ethernet itself (RFC 1042), and frames that a bridge of 802.1H translated. */
const organisationsOfEtherTypes: readonly number[] = [0x000000, 0x0000f8];

const organisationAt = (octets: Uint8Array, start: number): number =>
  (uint8(octets, start + Field.organisation) << 16) | uint16(octets, start + Field.organisation + 1);

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  if (end - start < Field.payload) return undefined;
  const dsap = uint8(octets, start + Field.dsap);
  const isDatagram = uint8(octets, start + Field.control) === unnumbered;
  if (isDatagram && dsap === Sap.ip) return carried('EtherType', EtherType.ipv4, start + Field.payload, end);
  if (!isDatagram || dsap !== Sap.snap || uint8(octets, start + Field.ssap) !== Sap.snap)
    return carried('LLC SAP', dsap, start + Field.payload, end);
  const cut = shortage('llc/snap', start, end, Field.snapPayload);
  if (cut !== undefined) return cut;
  const organisation = organisationAt(octets, start);
  if (!organisationsOfEtherTypes.includes(organisation))
    return carried('SNAP organisation', organisation, start + Field.snapPayload, end);
  return carried('EtherType', uint16(octets, start + Field.etherType), start + Field.snapPayload, end);
}

const fields = (octets: Uint8Array, start: number): HeaderFields => ({ sap: uint8(octets, start + Field.dsap) });

export const llcEncapsulation: Encapsulation = { header: 'llc', read, fields };
