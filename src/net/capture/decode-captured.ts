/**
 * A captured frame as a packet: the link header as its link type says, the headers around the innermost datagram, and
 * that datagram. The inspection of captures decodes frames in place, in the same way.
 */
import { isMalformed, malformed } from '../../protocol/bytes/malformed.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import type { HeaderFields } from '../../protocol/wire/encapsulation/carried.js';
import { type Layer, type Unwrapped, unwrap } from '../../protocol/wire/encapsulation/unwrap.js';
import { decodeEthernet, EtherType } from '../../protocol/wire/ethernet.js';
import { decodeFrame, decodeNetwork } from '../../protocol/wire/frame.js';
import type { Ethernet, Packet } from '../../protocol/wire/packet.js';
import { LinkType, readLink } from './link/link-type.js';

/** A header that was unwrapped. */
export interface UnwrappedHeader {
  readonly header: string;
  readonly fields: HeaderFields;
}

export interface CapturedPacket {
  /** The headers around the packet, the outermost first, without that of the link. */
  readonly unwrapped: readonly UnwrappedHeader[];
  readonly packet: Packet;
  /** The part of it that is not decoded. */
  readonly unread?: string;
}

/** A frame that starts at the first of the octets. */
export const decodeCaptured = (
  linkType: number,
  octets: Uint8Array,
  subtypes: DraftSubtypes = defaultDraftSubtypes,
): CapturedPacket => {
  const within = readLink(linkType, octets, 0, octets.length);
  if (within === undefined) return broken(malformed('link', 0, `link type ${linkType} is not known`));
  if (isMalformed(within)) return broken(within);
  const layers: Layer[] = [];
  const found = unwrap(octets, within, layers);
  const unwrapped = layers.map(({ encapsulation: { header, fields }, start }) => ({
    header,
    fields: fields(octets, start),
  }));
  // Whole frames as they come on an Ethernet keep their addresses, tags and padding.
  const isPlain = linkType === LinkType.ethernet && layers.every(({ encapsulation: { header } }) => header === 'vlan');
  const packet = isPlain
    ? decodeFrame(octets, subtypes)
    : packetOf(octets, found, linkType === LinkType.ethernet ? ethernetOf(octets) : noEthernet, subtypes);
  const unread = unreadOf(found);
  return unread === undefined ? { unwrapped, packet } : { unwrapped, packet, unread };
};

const broken = (problem: ReturnType<typeof malformed>): CapturedPacket => ({
  unwrapped: [],
  packet: { kind: 'malformed', malformed: problem },
});

const packetOf = (octets: Uint8Array, found: Unwrapped, ethernet: Ethernet, subtypes: DraftSubtypes): Packet => {
  if (found.found === 'malformed') return { kind: 'malformed', malformed: found.malformed, ethernet };
  const { datagram } = found;
  if (datagram === undefined) return { kind: 'other', ethernet };
  const etherType = datagram.version === 4 ? EtherType.ipv4 : EtherType.ipv6;
  return { ...decodeNetwork(octets.subarray(0, datagram.end), datagram.start, etherType, subtypes), ethernet };
};

const noEthernet: Ethernet = { destination: '00:00:00:00:00:00', source: '00:00:00:00:00:00', etherType: 0 };

/** The outermost header of a frame that is not too short for one. */
const ethernetOf = (octets: Uint8Array): Ethernet => {
  const head = decodeEthernet(octets);
  return isMalformed(head) ? noEthernet : head.ethernet;
};

const unreadOf = (found: Unwrapped): string | undefined => {
  switch (found.found) {
    case 'unread':
      return found.what;
    case 'fragment':
      return 'fragment of a datagram';
    default:
      return undefined;
  }
};
