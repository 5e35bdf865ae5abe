/**
 * The hash of an MPTCP version (RFC 6824 section 3.2: SHA-1; RFC 8684 section 3.2: SHA-256) and HMAC over it (RFC 2104).
 */
import { createHash, createHmac } from 'node:crypto';
import { putUint64 } from '../bytes/octets.js';

export type MptcpVersion = 0 | 1;
export type HashName = 'sha1' | 'sha256';

export const hashOf = (version: MptcpVersion): HashName => (version === 0 ? 'sha1' : 'sha256');

export const digest = (hash: HashName, message: Uint8Array): Uint8Array =>
  new Uint8Array(createHash(hash).update(message).digest());

export const hmac = (hash: HashName, key: Uint8Array, message: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac(hash, key).update(message).digest());

const keySize = 8;

/** Keys one behind the other, each as 8 octets in network order. */
export function keyOctets(...keys: readonly bigint[]): Uint8Array {
  const octets = new Uint8Array(keys.length * keySize);
  keys.forEach((key, i) => {
    putUint64(octets, i * keySize, key);
  });
  return octets;
}
