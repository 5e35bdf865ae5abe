/** Unsigned integers that need not begin or end at an octet, counted in bits from the most significant of the first octet. */
import { putUint8, uint8 } from '../bytes/octets.js';

const octetBits = 8;

/** At most 32 bits. */
export function readBits(octets: Uint8Array, from: number, bits: number): number {
  let value = 0;
  for (let at = from; at < from + bits; ) {
    const before = at % octetBits;
    const count = Math.min(from + bits - at, octetBits - before);
    const part = (uint8(octets, Math.floor(at / octetBits)) >> (octetBits - before - count)) & ((1 << count) - 1);
    value = value * (1 << count) + part;
    at += count;
  }
  return value;
}

/** At most 32 bits; higher ones of the value are dropped, the other bits of the octets stay. */
export function writeBits(into: Uint8Array, from: number, bits: number, value: number): void {
  let rest = value >>> 0;
  for (let end = from + bits; end > from; ) {
    const below = (octetBits - (end % octetBits)) % octetBits;
    const count = Math.min(end - from, octetBits - below);
    const at = Math.floor((end - 1) / octetBits);
    const mask = (1 << count) - 1;
    putUint8(into, at, (uint8(into, at) & ~(mask << below)) | ((rest & mask) << below));
    rest = Math.floor(rest / (1 << count));
    end -= count;
  }
}
