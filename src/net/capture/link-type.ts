/**
 * Link types of capture files and where the network layer starts behind each link header (https://www.tcpdump.org/linktypes.html).
 */
import { isMalformed, type Malformed, malformed, shortage } from '../../protocol/bytes/malformed.js';
import { uint8, uint16, uint32 } from '../../protocol/bytes/octets.js';
import { type DraftSubtypes, defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { behindTags, EtherType, ethernetPayload, type NetworkStart } from '../../protocol/wire/ethernet.js';
import { decodeFrame, decodeNetwork } from '../../protocol/wire/frame.js';
import type { Packet } from '../../protocol/wire/packet.js';
import { word } from './word.js';

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

/** LINKTYPE_LINUX_SLL: packet type, address type, address length, address (8), protocol. */
const Cooked = { protocol: 14, payload: 16 } as const;
/** LINKTYPE_LINUX_SLL2: protocol first, then interface, types and address. */
const Cooked2 = { protocol: 0, payload: 20 } as const;
/**
 * PPP (RFC 1661 section 2, RFC 1662 section 3.1): address and control octets, which may be left out, and a protocol number of
 * two octets, or of one where it is odd and compressed.
 */
const Ppp = { address: 0xff, control: 0x03, ipv4: 0x0021, ipv6: 0x0057 } as const;
/**
 * LINKTYPE_NULL and LINKTYPE_LOOP: an address family. That of LOOP has the byte order of the network, that of NULL the order
 * of the capturing host, which need not be the file's: families are small, so the order that gives a small number is meant.
 */
const Family = { family: 0, payload: 4, most: 0xffff } as const;

/** Other numbers that captures of raw IP carry: DLT_RAW of some systems. */
const rawTypes: readonly number[] = [LinkType.raw, 12, 14];

/** Reads what was captured as its link type says. A link type that is not known gives `malformed`. */
export function decodeCaptured(
  linkType: number,
  octets: Uint8Array,
  subtypes: DraftSubtypes = defaultDraftSubtypes,
): Packet {
  if (linkType === LinkType.ethernet) return decodeFrame(octets, subtypes);
  const network = networkStart(linkType, octets, 0, octets.length);
  if (isMalformed(network)) return { kind: 'malformed', malformed: network };
  return decodeNetwork(octets, network.start, network.etherType, subtypes);
}

/** Reads only the link header of the frame `from` to `to` (exclusive). */
export function networkStart(linkType: number, octets: Uint8Array, from: number, to: number): NetworkStart | Malformed {
  switch (linkType) {
    case LinkType.ethernet:
      return ethernetPayload(octets, from, to);
    case LinkType.linuxCooked:
      return behind(octets, from, to, Cooked);
    case LinkType.linuxCooked2:
      return behind(octets, from, to, Cooked2);
    case LinkType.ppp:
    case LinkType.pppHdlc:
      return behindPpp(octets, from, to);
    case LinkType.ipv4:
      return { start: from, etherType: EtherType.ipv4 };
    case LinkType.ipv6:
      return { start: from, etherType: EtherType.ipv6 };
    case LinkType.null:
      return behindFamily(octets, from, to, uint32(octets, from + Family.family) > Family.most);
    case LinkType.loop:
      return behindFamily(octets, from, to, false);
    default:
      return rawTypes.includes(linkType)
        ? { start: from, etherType: etherTypeOfVersion(octets, from) }
        : malformed('link', from, `link type ${linkType} is not known`);
  }
}

const behind = (
  octets: Uint8Array,
  from: number,
  to: number,
  head: { readonly protocol: number; readonly payload: number },
): NetworkStart | Malformed =>
  shortage('link', from, to, head.payload) ??
  behindTags(octets, from + head.payload, to, uint16(octets, from + head.protocol));

function behindFamily(octets: Uint8Array, from: number, to: number, littleEndian: boolean): NetworkStart | Malformed {
  const etherType = etherTypeOfFamily(word(octets, from + Family.family, littleEndian));
  return shortage('link', from, to, Family.payload) ?? { start: from + Family.payload, etherType };
}

function behindPpp(octets: Uint8Array, from: number, to: number): NetworkStart | Malformed {
  const framed = uint8(octets, from) === Ppp.address && uint8(octets, from + 1) === Ppp.control;
  const at = from + (framed ? 2 : 0);
  const compressed = (uint8(octets, at) & 1) === 1;
  const start = at + (compressed ? 1 : 2);
  const etherType = etherTypeOfPpp(compressed ? uint8(octets, at) : uint16(octets, at));
  return shortage('link', from, to, start - from) ?? { start, etherType };
}

/** The EtherType of the same network layer; protocols without one, such as LCP, are none of ours. */
function etherTypeOfPpp(protocol: number): number {
  switch (protocol) {
    case Ppp.ipv4:
      return EtherType.ipv4;
    case Ppp.ipv6:
      return EtherType.ipv6;
    default:
      return 0;
  }
}

const etherTypeOfVersion = (octets: Uint8Array, at: number): number =>
  uint8(octets, at) >> 4 === 6 ? EtherType.ipv6 : EtherType.ipv4;

const inet = 2;
/** AF_INET6 of NetBSD, OpenBSD and BSD/OS; of FreeBSD; of Darwin. */
const inet6: readonly number[] = [24, 28, 30];

/** The EtherType of the same network layer; OSI, IPX and numbers that no system of BSD gives to IPv6 are none of ours. */
function etherTypeOfFamily(family: number): number {
  if (family === inet) return EtherType.ipv4;
  return inet6.includes(family) ? EtherType.ipv6 : 0;
}
