/**
 * VLAN tags (IEEE 802.1Q), announced by an EtherType and followed by the next one: `priority, eligible, identifier (2) | type (2)`.
 * Besides the two types of the standard those that carriers used before it are read.
 */
import { shortage } from '../../bytes/malformed.js';
import { uint16 } from '../../bytes/octets.js';
import { type Encapsulation, typed } from './carried.js';

const Field = { control: 0, etherType: 2, payload: 4 } as const;
const identifierMask = 0x0fff;

const vlan = 0x8100;
/** 802.1ad, and 0x9100 to 0x9300 of equipment from before it. */
const providerTypes: readonly number[] = [0x88a8, 0x9100, 0x9200, 0x9300];

/** Octets of a tag, and where in it the type of what follows stands. */
export const vlanTag = { size: Field.payload, etherType: Field.etherType } as const;

export const isVlan = (etherType: number): boolean => etherType === vlan || providerTypes.includes(etherType);

export const vlanEncapsulation: Encapsulation = {
  header: 'vlan',
  read: (octets, start, end) =>
    shortage('ethernet/vlan', start, end, Field.payload) ??
    typed(uint16(octets, start + Field.etherType), start + Field.payload, end),
  fields: (octets, start) => ({ id: uint16(octets, start + Field.control) & identifierMask }),
};
