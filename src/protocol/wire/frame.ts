/**
 * Whole frames: octets to packets and drafts to octets. Decoding is total and never copies: octet strings in a packet are
 * views of the frame, so whoever reuses the frame's buffer must copy first. Encoding writes every octet of a fresh frame.
 */
import { isMalformed, type Malformed } from '../bytes/malformed.js';
import { noOctets, putOctets } from '../bytes/octets.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../mptcp/option.js';
import { arpLength, decodeArp, writeArp } from './arp.js';
import { decodeEthernet, EtherType, ethernetLength, writeEthernet } from './ethernet.js';
import { decodeIcmp, type Icmp, icmpLength, writeIcmp } from './icmp.js';
import { etherTypeOf, ipLength, Protocol, writeIp } from './ip.js';
import { decodeIpv4, type IpHead } from './ipv4.js';
import { decodeIpv6 } from './ipv6.js';
import { decodeNd, NdType, ndMessage } from './nd.js';
import type { Arp, Ethernet, EthernetDraft, IpDraft, NeighbourDiscovery, Packet, TcpDraft } from './packet.js';
import { decodeTcp, tcpLength, writeTcp } from './tcp.js';

/** Reads an Ethernet frame. */
export function decodeFrame(frame: Uint8Array, subtypes: DraftSubtypes = defaultDraftSubtypes): Packet {
  const head = decodeEthernet(frame);
  if (isMalformed(head)) return { kind: 'malformed', malformed: head };
  return decodePayload(frame, head.start, head.ethernet, subtypes);
}

/**
 * Reads what a captured packet holds after its link header, given that header's protocol field as an EtherType.
 * The link addresses of the packet are zeros.
 */
export function decodeNetwork(
  octets: Uint8Array,
  start: number,
  etherType: number,
  subtypes: DraftSubtypes = defaultDraftSubtypes,
): Packet {
  return decodePayload(octets, start, { destination: noAddress, source: noAddress, etherType }, subtypes);
}

const noAddress = '00:00:00:00:00:00';

function decodePayload(frame: Uint8Array, start: number, ethernet: Ethernet, subtypes: DraftSubtypes): Packet {
  switch (ethernet.etherType) {
    case EtherType.ipv4:
      return decodeUpper(frame, decodeIpv4(frame, start), ethernet, subtypes);
    case EtherType.ipv6:
      return decodeUpper(frame, decodeIpv6(frame, start), ethernet, subtypes);
    case EtherType.arp: {
      const arp = decodeArp(frame, start);
      if (isMalformed(arp)) return { kind: 'malformed', malformed: arp, ethernet };
      return { kind: 'arp', ethernet: withTrailer(ethernet, frame, start + arpLength), arp };
    }
    default:
      return { kind: 'other', ethernet };
  }
}

function withTrailer(ethernet: Ethernet, frame: Uint8Array, end: number): Ethernet {
  return end >= frame.length ? ethernet : { ...ethernet, trailer: frame.subarray(end) };
}

function decodeUpper(frame: Uint8Array, head: IpHead | Malformed, link: Ethernet, subtypes: DraftSubtypes): Packet {
  if (isMalformed(head)) return { kind: 'malformed', malformed: head, ethernet: link };
  const { ip, start, end, defect } = head;
  const ethernet = withTrailer(link, frame, end);
  if (head.fragmented) return { kind: 'other', ethernet, ip };
  switch (ip.protocol) {
    case Protocol.tcp: {
      const tcp = decodeTcp(frame, start, end, defect === undefined ? head.pseudo : undefined, subtypes);
      if (isMalformed(tcp)) return { kind: 'malformed', malformed: tcp, ethernet, ip };
      return defect === undefined ? { kind: 'tcp', ethernet, ip, tcp } : { kind: 'tcp', ethernet, ip, tcp, defect };
    }
    case Protocol.icmp:
    case Protocol.icmpv6: {
      if (defect !== undefined) return { kind: 'malformed', malformed: defect, ethernet, ip };
      const icmp = decodeIcmp(frame, start, end);
      if (isMalformed(icmp)) return { kind: 'malformed', malformed: icmp, ethernet, ip };
      const isNd = icmp.type === NdType.solicitation || icmp.type === NdType.advertisement;
      if (ip.protocol !== Protocol.icmpv6 || !isNd) return { kind: 'icmp', ethernet, ip, ...icmp };
      const nd = decodeNd(icmp, end - icmp.body.length);
      return isMalformed(nd) ? { kind: 'malformed', malformed: nd, ethernet, ip } : { kind: 'nd', ethernet, ip, nd };
    }
    default:
      return { kind: 'other', ethernet, ip };
  }
}

/**
 * Writes a TCP packet exactly as the draft says and computes what it leaves open. A packet that was decoded is a draft of
 * itself and gives the octets it came from. Throws a RangeError when an address is none, or when the options take more
 * than 40 octets and no data offset is given.
 */
export function encodeTcpFrame(draft: TcpDraft, subtypes: DraftSubtypes = defaultDraftSubtypes): Uint8Array {
  const segmentLength = tcpLength(draft.tcp);
  const networkLength = ipLength(draft.ip);
  const trailer = draft.ethernet.trailer ?? noOctets;
  const frame = new Uint8Array(ethernetLength(draft.ethernet) + networkLength + segmentLength + trailer.length);
  writeTcpFrame(draft, segmentLength, networkLength, frame, subtypes);
  putOctets(frame, frame.length - trailer.length, trailer);
  return frame;
}

function writeTcpFrame(
  draft: TcpDraft,
  segmentLength: number,
  networkLength: number,
  into: Uint8Array,
  subtypes: DraftSubtypes,
): void {
  const networkAt = writeEthernet(draft.ethernet, etherTypeOf(draft.ip), into);
  const pseudo = writeIp(draft.ip, Protocol.tcp, segmentLength, into, networkAt);
  writeTcp(draft.tcp, pseudo, into, networkAt + networkLength, subtypes);
}

export interface ArpDraft {
  readonly ethernet: EthernetDraft;
  readonly arp: Arp;
}

export function encodeArpFrame(draft: ArpDraft): Uint8Array {
  const trailer = draft.ethernet.trailer ?? noOctets;
  const frame = new Uint8Array(ethernetLength(draft.ethernet) + arpLength + trailer.length);
  writeArp(draft.arp, frame, writeEthernet(draft.ethernet, EtherType.arp, frame));
  putOctets(frame, frame.length - trailer.length, trailer);
  return frame;
}

export interface IcmpDraft {
  readonly ethernet: EthernetDraft;
  readonly ip: IpDraft;
  readonly icmp: Icmp;
}

/** ICMP between IPv4 addresses, ICMPv6 between IPv6 addresses. */
export function encodeIcmpFrame(draft: IcmpDraft): Uint8Array {
  const etherType = etherTypeOf(draft.ip);
  const protocol = etherType === EtherType.ipv6 ? Protocol.icmpv6 : Protocol.icmp;
  const messageLength = icmpLength(draft.icmp);
  const networkLength = ipLength(draft.ip);
  const trailer = draft.ethernet.trailer ?? noOctets;
  const frame = new Uint8Array(ethernetLength(draft.ethernet) + networkLength + messageLength + trailer.length);
  const networkAt = writeEthernet(draft.ethernet, etherType, frame);
  const pseudo = writeIp(draft.ip, protocol, messageLength, frame, networkAt);
  const covered = protocol === Protocol.icmpv6 ? pseudo + messageLength : 0;
  writeIcmp(draft.icmp, covered, frame, networkAt + networkLength);
  putOctets(frame, frame.length - trailer.length, trailer);
  return frame;
}

export interface NdDraft {
  readonly ethernet: EthernetDraft;
  readonly ip: IpDraft;
  readonly nd: NeighbourDiscovery;
}

/** RFC 4861 sections 7.1.1 and 7.1.2: a receiver drops it unless the hop limit is 255, so that is the value when none is given. */
export const encodeNdFrame = (draft: NdDraft): Uint8Array =>
  encodeIcmpFrame({ ethernet: draft.ethernet, ip: { ttl: 255, ...draft.ip }, icmp: ndMessage(draft.nd) });
