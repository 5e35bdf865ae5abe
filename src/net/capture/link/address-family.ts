/**
 * Links that identify their payload by an address family, whose numbers differ from system to system: loopback devices of
 * BSD, its IPsec device (enc), its packet filter's log (pflog), and Linux's (nflog).
 *
 * The family has the byte order of the network in LOOP and in pflog, elsewhere the order of the capturing host, which
 * need not be the file's: families are small numbers, so the order that gives a small number is used.
 */
import { type Malformed, shortage } from '../../../protocol/bytes/malformed.js';
import { uint8, uint32 } from '../../../protocol/bytes/octets.js';
import { type Carried, carried } from '../../../protocol/wire/encapsulation/carried.js';
import { EtherType } from '../../../protocol/wire/ethernet.js';
import { half, word } from '../word.js';

const Loopback = { family: 0, payload: 4, greatest: 0xffff } as const;
/** family, security parameter index, flags. */
const Enc = { family: 0, payload: 12 } as const;
/** Length of the header without the padding that follows it up to whole words, family, and much about the rule that matched. */
const Pflog = { length: 0, family: 1, least: 4, word: 4 } as const;
/** family, version, resource (2), then entries of length (2), type (2) and value, padded to whole words. */
const Nflog = { family: 0, entries: 4, word: 4 } as const;
const NflogEntry = { length: 0, type: 2, value: 4, payload: 9, typeMask: 0x7fff } as const;

const inet = 2;
/** AF_INET6 of Linux; of NetBSD, OpenBSD and BSD/OS; of FreeBSD; of Darwin. */
const inet6: readonly number[] = [10, 24, 28, 30];

const ofFamily = (family: number, payload: number, to: number): Carried => {
  if (family === inet) return carried('EtherType', EtherType.ipv4, payload, to);
  if (inet6.includes(family)) return carried('EtherType', EtherType.ipv6, payload, to);
  return carried('address family', family, payload, to);
};

const familyOfHost = (octets: Uint8Array, at: number): number =>
  word(octets, at, uint32(octets, at) > Loopback.greatest);

export const readNull = (octets: Uint8Array, from: number, to: number): Carried | Malformed =>
  shortage('link', from, to, Loopback.payload) ??
  ofFamily(familyOfHost(octets, from + Loopback.family), from + Loopback.payload, to);

export const readLoop = (octets: Uint8Array, from: number, to: number): Carried | Malformed =>
  shortage('link', from, to, Loopback.payload) ??
  ofFamily(uint32(octets, from + Loopback.family), from + Loopback.payload, to);

export const readEnc = (octets: Uint8Array, from: number, to: number): Carried | Malformed =>
  shortage('link', from, to, Enc.payload) ?? ofFamily(familyOfHost(octets, from + Enc.family), from + Enc.payload, to);

export const readPflog = (octets: Uint8Array, from: number, to: number): Carried | Malformed => {
  const length = Math.max(Pflog.least, Math.ceil(uint8(octets, from + Pflog.length) / Pflog.word) * Pflog.word);
  return shortage('link', from, to, length) ?? ofFamily(uint8(octets, from + Pflog.family), from + length, to);
};

export const readNflog = (octets: Uint8Array, from: number, to: number): Carried | Malformed => {
  const family = uint8(octets, from + Nflog.family);
  const littleEndian = isLittleEndian(octets, from + Nflog.entries, to);
  for (let at = from + Nflog.entries; ; ) {
    const missing = shortage('link/nflog', at, to, NflogEntry.value);
    if (missing !== undefined) return missing;
    const length = Math.max(NflogEntry.value, half(octets, at + NflogEntry.length, littleEndian));
    const type = half(octets, at + NflogEntry.type, littleEndian) & NflogEntry.typeMask;
    if (type === NflogEntry.payload) return ofFamily(family, at + NflogEntry.value, Math.min(to, at + length));
    at += Math.ceil(length / Nflog.word) * Nflog.word;
  }
};

/** The byte order in which the length of the first entry fits. */
const isLittleEndian = (octets: Uint8Array, at: number, to: number): boolean =>
  half(octets, at + NflogEntry.length, true) <= to - at;
