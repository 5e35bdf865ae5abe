/**
 * Ethernet II (IEEE 802.3): `destination (6) | source (6) | type (2)`, with VLAN tags of four octets before the type.
 */
import { isMalformed, type Malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint16, uint16 } from '../bytes/octets.js';
import { number, octets } from '../layout/field.js';
import { offsetsIn } from '../layout/header.js';
import { macOctets, macSize, macText } from './address.js';
import { type Encapsulation, typed } from './encapsulation/carried.js';
import { isVlan, vlanTag } from './encapsulation/vlan.js';
import type { Ethernet, EthernetDraft } from './packet.js';

/** The header without tags. */
export const ethernetHeader = {
  destination: octets([macSize], 'destination address'),
  source: octets([macSize], 'source address'),
  etherType: number(16, 'type of what is carried', { shown: 'hex' }),
} as const;

/** Where its fields start; the payload of a frame without tags starts at `end`. */
export const EthernetField = offsetsIn(ethernetHeader);

const typeSize = 2;

export const EtherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  /** ERSPAN of type III. */
  erspan: 0x22eb,
  /** A whole Ethernet frame, in GRE and GENEVE. */
  bridging: 0x6558,
  ipv6: 0x86dd,
  ppp: 0x880b,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoe: 0x8864,
  /** ERSPAN of types I and II. */
  mirror: 0x88be,
  backbone: 0x88e7,
} as const;

/** Where the network layer of a frame starts, and which one it is. */
interface NetworkStart {
  readonly start: number;
  readonly etherType: number;
}

/** An Ethernet frame that another header carries, or a link: everything but the type is left alone. */
export const ethernetEncapsulation: Encapsulation = {
  header: 'ethernet',
  read: (octets, start, end) =>
    shortage('ethernet', start, end, EthernetField.end) ??
    typed(uint16(octets, start + EthernetField.etherType), start + EthernetField.end, end),
  fields: (octets, start) => ({
    source: macText(octets, start + EthernetField.source),
    destination: macText(octets, start + EthernetField.destination),
  }),
};

/** Octets of a header without tags. */
export const untaggedLength: number = EthernetField.end;

/** The type field of the frame at `from`, for who meets millions of them; of one that is too short for a header, some number. */
export const frameType = (octets: Uint8Array, from: number): number => uint16(octets, from + EthernetField.etherType);

export interface EthernetHead {
  readonly ethernet: Ethernet;
  /** Where the payload starts. */
  readonly start: number;
}

export function decodeEthernet(frame: Uint8Array): EthernetHead | Malformed {
  const network = ethernetPayload(frame, 0, frame.length);
  if (isMalformed(network)) return network;
  const { start, etherType } = network;
  const destination = macText(frame, EthernetField.destination);
  const source = macText(frame, EthernetField.source);
  if (start === EthernetField.end) return { ethernet: { destination, source, etherType }, start };
  const tags = frame.subarray(EthernetField.etherType, start - typeSize);
  return { ethernet: { destination, source, etherType, tags }, start };
}

/** The payload of the frame `from` to `to` (exclusive), after all tags; for who asks for nothing else of the header. */
export function ethernetPayload(octets: Uint8Array, from: number, to: number): NetworkStart | Malformed {
  const missing = shortage('ethernet', from, to, EthernetField.end);
  if (missing !== undefined) return missing;
  let start = from + EthernetField.end;
  let etherType = uint16(octets, from + EthernetField.etherType);
  while (isVlan(etherType)) {
    const untagged = shortage('ethernet/vlan', start, to, vlanTag.size);
    if (untagged !== undefined) return untagged;
    etherType = uint16(octets, start + vlanTag.etherType);
    start += vlanTag.size;
  }
  return { start, etherType };
}

export const ethernetLength = (draft: EthernetDraft): number => EthernetField.end + (draft.tags?.length ?? 0);

/** Writes the header at the start of the frame and returns where the payload goes. */
export function writeEthernet(draft: EthernetDraft, etherType: number, into: Uint8Array): number {
  putOctets(into, EthernetField.destination, macOctets(draft.destination));
  putOctets(into, EthernetField.source, macOctets(draft.source));
  let typeAt: number = EthernetField.etherType;
  if (draft.tags !== undefined) {
    putOctets(into, typeAt, draft.tags);
    typeAt += draft.tags.length;
  }
  putUint16(into, typeAt, draft.etherType ?? etherType);
  return typeAt + typeSize;
}
