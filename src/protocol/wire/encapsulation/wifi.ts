/**
 * IEEE 802.11 frames (section 9.2.3) as far as they carry datagrams in the clear: data frames, after whose header LLC follows.
 * Numbers have their low octet first.
 *
 *      0               1       2          4               22         24           30            32
 *     +---------------+-------+----------+---------------+----------+------------+-------------+------------+-----+
 *     | type, subtype | flags | duration | 3 addresses   | sequence | address 4  | QoS control | HT control | LLC |
 *     +---------------+-------+----------+---------------+----------+------------+-------------+------------+-----+
 *
 * The fourth address is there between access points, the QoS control in QoS data, the HT control in QoS data with flag +HTC.
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8 } from '../../bytes/octets.js';
import { type Carried, carried, carriedOne, type Encapsulation, noFields } from './carried.js';

const Field = { type: 0, flags: 1, optional: 24 } as const;
const Size = { address: 6, qosControl: 2, htControl: 4 } as const;
const typeShift = 2;
const typeMask = 3;
const data = 2;
/** Bits of the first octet. */
const Subtype = { withoutPayload: 0x40, qos: 0x80 } as const;
const Flag = { betweenAccessPoints: 0x03, protected: 0x40, htControl: 0x80 } as const;
/** In the first octet of the QoS control. */
const aggregated = 0x80;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed {
  const missing = shortage('wifi', start, end, Field.flags + 1);
  if (missing !== undefined) return missing;
  const kind = uint8(octets, start + Field.type);
  const flags = uint8(octets, start + Field.flags);
  const type = (kind >> typeShift) & typeMask;
  if (type !== data) return carried('IEEE 802.11 type', type, start, end);
  if ((kind & Subtype.withoutPayload) !== 0) return carriedOne('IEEE 802.11 data without payload', start, end);
  if ((flags & Flag.protected) !== 0) return carriedOne('encrypted IEEE 802.11 data', start, end);
  const isBetween = (flags & Flag.betweenAccessPoints) === Flag.betweenAccessPoints;
  const qosAt = Field.optional + (isBetween ? Size.address : 0);
  const hasQos = (kind & Subtype.qos) !== 0;
  const length = qosAt + (hasQos ? Size.qosControl + ((flags & Flag.htControl) === 0 ? 0 : Size.htControl) : 0);
  const cut = shortage('wifi', start, end, length);
  if (cut !== undefined) return cut;
  const isAggregated = hasQos && (uint8(octets, start + qosAt) & aggregated) !== 0;
  return carriedOne(isAggregated ? 'aggregated IEEE 802.11 data' : 'LLC frame', start + length, end);
}

export const wifiEncapsulation: Encapsulation = { header: 'wifi', read, fields: () => noFields };
