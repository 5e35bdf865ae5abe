/**
 * The MAC of MP_JOIN_CAP. The draft writes `HMAC(Key-A+Key-B+Key-B')` and `(HMAC_keys & ~0x3FF) | crc16(Key-B) & 0x3FF`
 * and leaves open how the keys are split into HMAC key and message, the hash, the length, which CRC-16, and where the ten
 * bits of the fast hash go. All of that is a layout, declared by the implementation under test; the default is the
 * reading under which the server-chosen Key-B' acts as the nonce and the fast hash survives truncation.
 */
import { bigEndian, fromBigEndian } from '../bytes/octets.js';
import { type CrcVariant, crc16 } from './crc16.js';
import { digest, type HashName, hashOf, hmac, keyOctets, type MptcpVersion } from './hash.js';

export interface JoinCapLayout {
  /** HMAC key | message: `ab|b2` is key A,B and message B'; `abb2|` has an empty message; `hash` is no HMAC at all. */
  readonly split: 'ab|b2' | 'abb2|' | 'bb2|a' | 'b|ab2' | 'hash';
  readonly macBits: 96 | 128 | 160;
  readonly crc: CrcVariant;
  /** Low bits of the truncated MAC, its high bits, or low bits of the whole digest (where truncation drops them). */
  readonly place: 'lsb-after-truncation' | 'msb' | 'before-truncation';
  /** `negotiated` is the hash of the version: SHA-1 in v0, SHA-256 in v1. */
  readonly hash: 'negotiated' | HashName;
}

export const defaultJoinCapLayout: JoinCapLayout = {
  split: 'ab|b2',
  macBits: 96,
  crc: 'arc',
  place: 'lsb-after-truncation',
  hash: 'negotiated',
};

export interface JoinCapSecrets {
  readonly version: MptcpVersion;
  /** Of the elected initial flow. */
  readonly keyA: bigint;
  readonly keyB: bigint;
  /** Key-B', which the server chose for the flow that joins. */
  readonly keyB2: bigint;
  readonly layout: JoinCapLayout;
}

/** How many bits of the MAC the fast hash takes. */
export const fastHashBits = 10;
/** As many ones. */
export const fastHashMask = (1n << BigInt(fastHashBits)) - 1n;

/** Ten bits of a CRC-16 over the key's 8 octets. */
export const fastHash = (crc: CrcVariant, keyB: bigint): number => crc16(crc, keyOctets(keyB)) & Number(fastHashMask);

/** The digest before truncation and before the fast hash is put in. */
export function joinCapDigest({ version, keyA, keyB, keyB2, layout }: JoinCapSecrets): Uint8Array {
  const hash = layout.hash === 'negotiated' ? hashOf(version) : layout.hash;
  switch (layout.split) {
    case 'ab|b2':
      return hmac(hash, keyOctets(keyA, keyB), keyOctets(keyB2));
    case 'abb2|':
      return hmac(hash, keyOctets(keyA, keyB, keyB2), keyOctets());
    case 'bb2|a':
      return hmac(hash, keyOctets(keyB, keyB2), keyOctets(keyA));
    case 'b|ab2':
      return hmac(hash, keyOctets(keyB), keyOctets(keyA, keyB2));
    case 'hash':
      return digest(hash, keyOctets(keyA, keyB, keyB2));
  }
}

/** The MAC as it is in the option. `whole`: the digest, if it was computed for another layout that shares it. */
export function joinCapMac(secrets: JoinCapSecrets, whole: Uint8Array = joinCapDigest(secrets)): Uint8Array {
  const { layout } = secrets;
  const bits = BigInt(fastHash(layout.crc, secrets.keyB));
  const octets = layout.macBits / 8;
  switch (layout.place) {
    case 'lsb-after-truncation':
      return replaceBits(whole.subarray(0, octets), bits, 0);
    case 'msb':
      return replaceBits(whole.subarray(0, octets), bits, layout.macBits - fastHashBits);
    case 'before-truncation':
      return replaceBits(whole, bits, 0).subarray(0, octets);
  }
}

/**
 * The fast hash that a received MAC carries, by which a server finds the half-open flow it may belong to. Undefined when the
 * layout lets truncation drop it.
 */
export function carriedFastHash(mac: Uint8Array, layout: JoinCapLayout): number | undefined {
  const value = fromBigEndian(mac);
  switch (layout.place) {
    case 'lsb-after-truncation':
      return Number(value & fastHashMask);
    case 'msb':
      return Number(value >> BigInt(Math.max(0, mac.length * 8 - fastHashBits)));
    case 'before-truncation':
      return undefined;
  }
}

/** Replaces ten bits of a big-endian integer, counted from the least significant one on. */
function replaceBits(octets: Uint8Array, bits: bigint, from: number): Uint8Array {
  const shift = BigInt(from);
  const cleared = fromBigEndian(octets) & ~(fastHashMask << shift);
  return bigEndian(cleared | (bits << shift), octets.length);
}
