/**
 * Link types of capture files (https://www.tcpdump.org/linktypes.html): the known ones by number, with their names and
 * the readers of their headers.
 */
import { isMalformed, type Malformed } from '../../../protocol/bytes/malformed.js';
import { type Carried, carried, carriedOne } from '../../../protocol/wire/encapsulation/carried.js';
import { pppPayloadWithDirection } from '../../../protocol/wire/encapsulation/ppp.js';
import { EtherType, ethernetEncapsulation } from '../../../protocol/wire/ethernet.js';
import { readEnc, readLoop, readNflog, readNull, readPflog } from './address-family.js';
import { readCooked, readCooked2 } from './cooked.js';
import { readPktap } from './pktap.js';
import { readCiscoHdlc, readDirectedCiscoHdlc, readDirectedPpp, readRadiotap, readRaw } from './small-headers.js';
import { readLongSwitchTag, readPrependedSwitchTag, readShortSwitchTag } from './switch-tag.js';

export const LinkType = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  pppHdlc: 50,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

/** Reads the link header of the frame `from` to `to` (exclusive). */
type ReadLink = (octets: Uint8Array, from: number, to: number) => ReturnType<typeof ethernetEncapsulation.read>;

interface Link {
  readonly name: string;
  readonly read: ReadLink;
}

const ofType =
  (etherType: number): ReadLink =>
  (_, from, to) =>
    carried('EtherType', etherType, from, to);
const one =
  (registry: Parameters<typeof carriedOne>[0]): ReadLink =>
  (_, from, to) =>
    carriedOne(registry, from, to);

const readWithin = (octets: Uint8Array, from: number, to: number): Carried | Malformed | undefined => {
  const within = readPktap(octets, from, to);
  if (isMalformed(within)) return within;
  // No real capture has one inside another.
  return within.linkType === pktap ? undefined : readLink(within.linkType, octets, within.start, to);
};

const pktap = 258;

const links: ReadonlyMap<number, Link> = new Map<number, Link>([
  [LinkType.null, { name: 'NULL', read: readNull }],
  [LinkType.ethernet, { name: 'Ethernet', read: ethernetEncapsulation.read }],
  [LinkType.ppp, { name: 'PPP', read: one('PPP frame') }],
  // Other numbers of raw IP: DLT_RAW of some systems.
  [12, { name: 'raw IP', read: readRaw }],
  [14, { name: 'raw IP', read: readRaw }],
  [LinkType.pppHdlc, { name: 'PPP', read: one('PPP frame') }],
  [51, { name: 'PPPoE', read: one('PPPoE frame') }],
  [100, { name: 'ATM', read: one('LLC frame') }],
  [LinkType.raw, { name: 'raw IP', read: readRaw }],
  [104, { name: 'Cisco HDLC', read: readCiscoHdlc }],
  [105, { name: 'IEEE 802.11', read: one('IEEE 802.11 frame') }],
  [LinkType.loop, { name: 'LOOP', read: readLoop }],
  [109, { name: 'enc', read: readEnc }],
  [LinkType.linuxCooked, { name: 'Linux cooked', read: readCooked }],
  [117, { name: 'pflog', read: readPflog }],
  [127, { name: 'radiotap', read: readRadiotap }],
  [166, { name: 'PPP of pppd', read: pppPayloadWithDirection }],
  [204, { name: 'PPP with direction', read: readDirectedPpp }],
  [205, { name: 'Cisco HDLC with direction', read: readDirectedCiscoHdlc }],
  [219, { name: 'MPLS', read: ofType(EtherType.mpls) }],
  [LinkType.ipv4, { name: 'IPv4', read: ofType(EtherType.ipv4) }],
  [LinkType.ipv6, { name: 'IPv6', read: ofType(EtherType.ipv6) }],
  [239, { name: 'nflog', read: readNflog }],
  [253, { name: 'netlink', read: readCooked }],
  [pktap, { name: 'pktap', read: readWithin }],
  [LinkType.linuxCooked2, { name: 'Linux cooked v2', read: readCooked2 }],
  [281, { name: 'Broadcom switch tag', read: readShortSwitchTag }],
  [282, { name: 'Broadcom switch tag in front', read: readPrependedSwitchTag }],
  [284, { name: 'Marvell switch tag', read: readShortSwitchTag }],
  [285, { name: 'Marvell switch tag with EtherType', read: readLongSwitchTag }],
]);

export const isKnownLink = (linkType: number): boolean => links.has(linkType);

/** The payload of the frame `from` to `to` (exclusive) after its link header; undefined: the link type is unknown. */
export const readLink = (
  linkType: number,
  octets: Uint8Array,
  from: number,
  to: number,
): Carried | Malformed | undefined => links.get(linkType)?.read(octets, from, to);

/** The message for an unknown link type. */
export const unknownLink = (linkType: number): string => {
  const known = [...links].map(([number, { name }]) => `${name} (${number})`).join(', ');
  return `link type ${linkType} is not known; known are ${known}`;
};
