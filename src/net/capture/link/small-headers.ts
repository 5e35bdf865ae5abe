/** Links with short headers: Cisco HDLC, PPP with a direction, radiotap, and raw IP. */
import { type Malformed, shortage } from '../../../protocol/bytes/malformed.js';
import { uint8, uint16 } from '../../../protocol/bytes/octets.js';
import { type Carried, carried, carriedOne } from '../../../protocol/wire/encapsulation/carried.js';
import { EtherType } from '../../../protocol/wire/ethernet.js';
import { half } from '../word.js';

/** address, control, and an EtherType. */
const CiscoHdlc = { etherType: 2, payload: 4 } as const;
/** An octet before the frame that shows whether it was received or sent. */
const direction = 1;
/** version, padding, and the length of the header in little-endian order. */
const Radiotap = { length: 2, least: 8 } as const;

export const readCiscoHdlc = (octets: Uint8Array, from: number, to: number): Carried | Malformed =>
  shortage('link', from, to, CiscoHdlc.payload) ??
  carried('EtherType', uint16(octets, from + CiscoHdlc.etherType), from + CiscoHdlc.payload, to);

export const readDirectedCiscoHdlc = (octets: Uint8Array, from: number, to: number): Carried | Malformed =>
  readCiscoHdlc(octets, from + direction, to);

export const readDirectedPpp = (_: Uint8Array, from: number, to: number): Carried | Malformed =>
  shortage('link', from, to, direction) ?? carriedOne('PPP frame', from + direction, to);

export const readRadiotap = (octets: Uint8Array, from: number, to: number): Carried | Malformed =>
  shortage('link', from, to, Math.max(Radiotap.least, half(octets, from + Radiotap.length, true))) ??
  carriedOne('IEEE 802.11 frame', from + half(octets, from + Radiotap.length, true), to);

/** IP of either version, by its first four bits. */
export const readRaw = (octets: Uint8Array, from: number, to: number): Carried | Malformed => {
  const etherType = uint8(octets, from) >> 4 === 6 ? EtherType.ipv6 : EtherType.ipv4;
  return shortage('link', from, to, 1) ?? carried('EtherType', etherType, from, to);
};
