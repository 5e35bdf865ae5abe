/**
 * Ethernet II (IEEE 802.3): `destination (6) | source (6) | type (2)`, with VLAN tags of four octets in front of the type.
 */
import { type Malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint16, uint16 } from '../bytes/octets.js';
import { macOctets, macText } from './address.js';
import type { Ethernet, EthernetDraft } from './packet.js';

const Field = { destination: 0, source: 6, etherType: 12, payload: 14 } as const;
const tagSize = 4;

export const EtherType = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, providerVlan: 0x88a8 } as const;

export interface EthernetHead {
  readonly ethernet: Ethernet;
  /** Where the payload starts. */
  readonly start: number;
}

export function decodeEthernet(frame: Uint8Array): EthernetHead | Malformed {
  const missing = shortage('ethernet', 0, frame.length, Field.payload);
  if (missing !== undefined) return missing;
  const destination = macText(frame, Field.destination);
  const source = macText(frame, Field.source);
  const etherType = uint16(frame, Field.etherType);
  if (etherType !== EtherType.vlan && etherType !== EtherType.providerVlan)
    return { ethernet: { destination, source, etherType }, start: Field.payload };
  return decodeTagged(frame, destination, source);
}

function decodeTagged(frame: Uint8Array, destination: string, source: string): EthernetHead | Malformed {
  let at: number = Field.etherType;
  let etherType = uint16(frame, at);
  while (etherType === EtherType.vlan || etherType === EtherType.providerVlan) {
    const missing = shortage('ethernet/vlan', at, frame.length, tagSize + Field.payload - Field.etherType);
    if (missing !== undefined) return missing;
    at += tagSize;
    etherType = uint16(frame, at);
  }
  const tags = frame.subarray(Field.etherType, at);
  return { ethernet: { destination, source, etherType, tags }, start: at + Field.payload - Field.etherType };
}

export const ethernetLength = (draft: EthernetDraft): number => Field.payload + (draft.tags?.length ?? 0);

/** Writes the header at the start of the frame and returns where the payload goes. */
export function writeEthernet(draft: EthernetDraft, etherType: number, into: Uint8Array): number {
  putOctets(into, Field.destination, macOctets(draft.destination));
  putOctets(into, Field.source, macOctets(draft.source));
  let typeAt: number = Field.etherType;
  if (draft.tags !== undefined) {
    putOctets(into, typeAt, draft.tags);
    typeAt += draft.tags.length;
  }
  putUint16(into, typeAt, draft.etherType ?? etherType);
  return typeAt + Field.payload - Field.etherType;
}
