/**
 * Ethernet II (IEEE 802.3): `destination (6) | source (6) | type (2)`, with VLAN tags of four octets in front of the type.
 */
import { isMalformed, type Malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint16, uint16 } from '../bytes/octets.js';
import { macOctets, macText } from './address.js';
import type { Ethernet, EthernetDraft } from './packet.js';

const Field = { destination: 0, source: 6, etherType: 12, payload: 14 } as const;
const typeSize = 2;
const tagSize = 4;

export const EtherType = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, providerVlan: 0x88a8 } as const;

export interface EthernetHead {
  readonly ethernet: Ethernet;
  /** Where the payload starts. */
  readonly start: number;
}

/** Where the network layer of a frame starts, and which one it is. */
export interface NetworkStart {
  readonly start: number;
  readonly etherType: number;
}

export function decodeEthernet(frame: Uint8Array): EthernetHead | Malformed {
  const network = ethernetPayload(frame, 0, frame.length);
  if (isMalformed(network)) return network;
  const { start, etherType } = network;
  const destination = macText(frame, Field.destination);
  const source = macText(frame, Field.source);
  if (start === Field.payload) return { ethernet: { destination, source, etherType }, start };
  const tags = frame.subarray(Field.etherType, start - typeSize);
  return { ethernet: { destination, source, etherType, tags }, start };
}

/** The payload of the frame `from` to `to` (exclusive), behind all tags; for who asks for nothing else of the header. */
export function ethernetPayload(octets: Uint8Array, from: number, to: number): NetworkStart | Malformed {
  const missing = shortage('ethernet', from, to, Field.payload);
  if (missing !== undefined) return missing;
  return behindTags(octets, from + Field.payload, to, uint16(octets, from + Field.etherType));
}

/** What lies behind all VLAN tags, of which the first starts at `at` where `etherType` says so: `control (2) | type (2)` each. */
export function behindTags(octets: Uint8Array, at: number, to: number, etherType: number): NetworkStart | Malformed {
  let network: NetworkStart = { start: at, etherType };
  while (network.etherType === EtherType.vlan || network.etherType === EtherType.providerVlan) {
    const { start } = network;
    const untagged = shortage('ethernet/vlan', start, to, tagSize);
    if (untagged !== undefined) return untagged;
    network = { start: start + tagSize, etherType: uint16(octets, start + tagSize - typeSize) };
  }
  return network;
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
  return typeAt + typeSize;
}
