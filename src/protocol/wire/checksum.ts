/**
 * The Internet checksum (RFC 1071): ones' complement sum of 16-bit words. Partial sums are plain numbers that may grow
 * beyond 16 bits; `fold` brings them back. 2^53 leaves room for any frame without folding in between.
 */
import type { ChecksumState } from './packet.js';

/** From this many octets on, reading them as aligned words is worth its preparation. */
const alignedFrom = 160;

/** Adds the octets `from` to `to` (exclusive), zero-padded to an even count, to a partial sum. */
export function addWords(sum: number, octets: Uint8Array, from: number, to: number): number {
  if (to - from >= alignedFrom && to <= octets.length) return sum + sumAligned(octets, from, to);
  let total = sum;
  let at = from;
  for (const even = to - 1; at < even; at += 2) total += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  return at < to ? total + ((octets[at] ?? 0) << 8) : total;
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The buffer summed last, as words: readers of captures and senders of templates come with the same one again and again. */
let remembered: Uint8Array = new Uint8Array(0);
let rememberedWords: Uint32Array = new Uint32Array(0);

function wordsOf(octets: Uint8Array): Uint32Array {
  if (octets !== remembered) {
    remembered = octets;
    rememberedWords = new Uint32Array(octets.buffer, 0, octets.buffer.byteLength >>> 2);
  }
  return rememberedWords;
}

/**
 * The sum of many octets, read as words of the machine: the sum of words whose octets are swapped is the sum with its octets
 * swapped, and words of 32 bits count like two of 16, since 2^16 is 1 in a ones' complement sum (RFC 1071 section 2).
 */
function sumAligned(octets: Uint8Array, from: number, to: number): number {
  const words = wordsOf(octets);
  const base = octets.byteOffset;
  const first = (base + from + 3) >>> 2;
  const last = (base + to) >>> 2;
  let even = 0;
  let odd = 0;
  let word = first;
  // Two sums, of four words a turn, let the processor add while it reads.
  for (const until = last - 3; word < until; word += 4) {
    even += (words[word] ?? 0) + (words[word + 1] ?? 0);
    odd += (words[word + 2] ?? 0) + (words[word + 3] ?? 0);
  }
  for (; word < last; word++) even += words[word] ?? 0;
  const edges = edgeSum(octets, from, first * 4 - base) + edgeSum(octets, last * 4 - base, to);
  const sum = fold(even + odd + edges);
  // Words that start at odd addresses are swapped once more.
  return isLow(base + from) ? swap(sum) : sum;
}

/** The octets before the first and after the last aligned word, as they would count in words of the machine. */
function edgeSum(octets: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += (octets[at] ?? 0) << (isLow(octets.byteOffset + at) ? 0 : 8);
  return sum;
}

/** Whether the octet at an address is the lower one of its 16-bit word. */
const isLow = (address: number): boolean => littleEndian === ((address & 1) === 0);

const swap = (word: number): number => ((word & 0xff) << 8) | (word >> 8);

/** The 16-bit ones' complement sum of a partial sum. */
function fold(sum: number): number {
  const low = sum >>> 0;
  let folded = (low & 0xffff) + (low >>> 16) + (sum - low) / 0x100000000;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}

/** The value to be written into a checksum field that was zero while summing. */
export const complement = (sum: number): number => fold(sum) ^ 0xffff;

/**
 * The sum over the pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1): both addresses as they stand in the IP header,
 * upper-layer length and protocol.
 */
export const pseudoHeaderSum = (
  octets: Uint8Array,
  addressesAt: number,
  addressesEnd: number,
  length: number,
  protocol: number,
): number => addWords(length + protocol, octets, addressesAt, addressesEnd);

/**
 * What a received checksum is worth. `pseudo` is the pseudo-header's partial sum; a checksum equal to it, folded, is what a
 * sender leaves that hands the rest to its network card (it starts from a ones' complement sum with either zero).
 */
export function checksumState(
  pseudo: number,
  octets: Uint8Array,
  from: number,
  to: number,
  stated: number,
): ChecksumState {
  return checksumStateOf(pseudo, addWords(pseudo, octets, from, to), stated);
}

/** The same, given the partial sum over pseudo-header, header and payload. */
export function checksumStateOf(pseudo: number, sum: number, stated: number): ChecksumState {
  if (fold(sum) === 0xffff) return 'valid';
  return stated === fold(pseudo) ? 'partial' : 'invalid';
}
