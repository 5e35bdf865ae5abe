/**
 * Addresses as text and as octets. A run uses the same few addresses repeatedly, so both directions cache their results,
 * in tables of fixed size; an eviction costs time, never correctness.
 */
import ipaddr from 'ipaddr.js';
import { uint8, uint16, uint32 } from '../bytes/octets.js';
import type { IpAddress, MacAddress } from './packet.js';

export const macSize = 6;
export const ipv4Size = 4;
export const ipv6Size = 16;

/** The version that the first octet of an IP header states. */
export const ipVersionOf = (octets: Uint8Array, at: number): number => uint8(octets, at) >> 4;

const slots = 1024;

/** Texts of up to four 32-bit words, direct-mapped: a new text takes the slot of the old one. */
class TextTable {
  readonly #words = new Uint32Array(slots * 4);
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(slots).fill(undefined);

  find(a: number, b: number, c: number, d: number): string | undefined {
    const slot = slotOf(a, b, c, d);
    const w = slot * 4;
    const words = this.#words;
    return words[w] === a && words[w + 1] === b && words[w + 2] === c && words[w + 3] === d
      ? this.#texts[slot]
      : undefined;
  }

  keep(a: number, b: number, c: number, d: number, text: string): string {
    const slot = slotOf(a, b, c, d);
    this.#words.set([a, b, c, d], slot * 4);
    this.#texts[slot] = text;
    return text;
  }
}

const slotOf = (a: number, b: number, c: number, d: number): number => {
  const mixed = Math.imul(a ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ d, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & (slots - 1);
};

const macTexts = new TextTable();
const ipv4Texts = new TextTable();
const ipv6Texts = new TextTable();

export function macText(octets: Uint8Array, at: number): MacAddress {
  const high = uint16(octets, at);
  const low = uint32(octets, at + 2);
  return macTexts.find(high, low, 0, 0) ?? macTexts.keep(high, low, 0, 0, formatMac(octets, at));
}

function formatMac(octets: Uint8Array, at: number): string {
  return Array.from(octets.subarray(at, at + macSize), (octet) => octet.toString(16).padStart(2, '0')).join(':');
}

export function ipv4Text(octets: Uint8Array, at: number): IpAddress {
  const word = uint32(octets, at);
  return ipv4Texts.find(word, 0, 0, 0) ?? ipv4Texts.keep(word, 0, 0, 0, octets.subarray(at, at + ipv4Size).join('.'));
}

/** In the canonical form of RFC 5952. */
export function ipv6Text(octets: Uint8Array, at: number): IpAddress {
  const a = uint32(octets, at);
  const b = uint32(octets, at + 4);
  const c = uint32(octets, at + 8);
  const d = uint32(octets, at + 12);
  return ipv6Texts.find(a, b, c, d) ?? ipv6Texts.keep(a, b, c, d, formatIpv6(octets, at));
}

function formatIpv6(octets: Uint8Array, at: number): string {
  const whole = new Uint8Array(ipv6Size);
  whole.set(octets.subarray(at, at + ipv6Size));
  return new ipaddr.IPv6(Array.from(whole)).toRFC5952String();
}

const parsedLimit = 4096;

/** Caches the results of `parse` by text, and clears the cache when it is full. */
function remembering(parse: (text: string) => Uint8Array): (text: string) => Uint8Array {
  const parsed = new Map<string, Uint8Array>();
  return (text) => {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const octets = parse(text);
    if (parsed.size >= parsedLimit) parsed.clear();
    parsed.set(text, octets);
    return octets;
  };
}

/** Six octets; the caller must not change them. Throws a RangeError when the text is no `aa:bb:cc:dd:ee:ff`. */
export const macOctets: (text: MacAddress) => Uint8Array = remembering((text) => {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) throw new RangeError(`not a MAC address: ${text}`);
  return Uint8Array.from(text.split(':'), (digits) => Number.parseInt(digits, 16));
});

/** Four or sixteen octets; the caller must not change them. Throws a RangeError when the text is no IP address. */
export const ipOctets: (text: IpAddress) => Uint8Array = remembering((text) => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text)))
    return Uint8Array.from(ipaddr.parse(text).toByteArray());
  throw new RangeError(`not an IPv4 or IPv6 address: ${text}`);
});
