/**
 * The hash of an MPTCP version (RFC 6824 section 3.2: SHA-1; RFC 8684 section 3.2: SHA-256) and HMAC over it (RFC 2104).
 */
import { hash } from 'node:crypto';
import { putUint64 } from '../bytes/octets.js';

export type MptcpVersion = 0 | 1;
export type HashName = 'sha1' | 'sha256';

export const hashOf = (version: MptcpVersion): HashName => (version === 0 ? 'sha1' : 'sha256');

/**
 * Taken at once and as text of one character an octet: an object of the hash and a buffer outside the heap, which the longer
 * ways make, cost more than the few blocks that are hashed here.
 */
export function digest(algorithm: HashName, message: Uint8Array): Uint8Array {
  const text = hash(algorithm, message, 'binary');
  const octets = new Uint8Array(text.length);
  for (let at = 0; at < octets.length; at++) octets[at] = text.charCodeAt(at);
  return octets;
}

const blockSize = 64;
const innerPad = 0x36;
const outerPad = 0x5c;

/**
 * RFC 2104 section 2: H(K xor opad, H(K xor ipad, message)). Node's createHmac was considered: with the object that it makes
 * for each, a run of the embedded catalogue takes a tenth more processor time.
 */
export function hmac(algorithm: HashName, key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = key.length > blockSize ? digest(algorithm, key) : key;
  return keyed(algorithm, padded, outerPad, keyed(algorithm, padded, innerPad, message));
}

function keyed(algorithm: HashName, key: Uint8Array, pad: number, message: Uint8Array): Uint8Array {
  const octets = Buffer.allocUnsafe(blockSize + message.length);
  for (let at = 0; at < blockSize; at++) octets[at] = (key[at] ?? 0) ^ pad;
  octets.set(message, blockSize);
  return digest(algorithm, octets);
}

const keySize = 8;

/** Keys one after the other, each as 8 octets in network order. */
export function keyOctets(...keys: readonly bigint[]): Uint8Array {
  const octets = new Uint8Array(keys.length * keySize);
  keys.forEach((key, i) => {
    putUint64(octets, i * keySize, key);
  });
  return octets;
}
