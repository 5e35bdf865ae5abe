/**
 * The Internet checksum (RFC 1071): ones' complement sum of 16-bit words. Partial sums are plain numbers that may grow
 * beyond 16 bits; `fold` brings them back. 2^53 leaves room for any frame without folding in between.
 */
import type { ChecksumState } from './packet.js';

/** From this many octets on, reading four at a time is worth making a view for. */
const viewFrom = 160;

/**
 * Adds the octets `from` to `to` (exclusive), zero-padded to an even count, to a partial sum. Words of 32 bits may be added
 * like two of 16, since both halves count alike in a ones' complement sum (RFC 1071 section 2).
 */
export function addWords(sum: number, octets: Uint8Array, from: number, to: number): number {
  let total = sum;
  let at = from;
  if (to - from >= viewFrom && to <= octets.length) {
    const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
    for (const last = to - 4; at <= last; at += 4) total += view.getUint32(at);
  }
  for (const even = to - 1; at < even; at += 2) total += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
  return at < to ? total + ((octets[at] ?? 0) << 8) : total;
}

/** The 16-bit ones' complement sum of a partial sum. */
function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
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
