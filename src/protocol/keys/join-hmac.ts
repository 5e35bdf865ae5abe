/**
 * The HMACs of MP_JOIN (RFC 6824 and RFC 8684, section 3.2): key is the sender's key and then the other's, message the
 * sender's nonce and then the other's. HMAC-A is the initiator's, HMAC-B the listener's: the same computation with the ends
 * swapped. The SYN/ACK carries the leftmost 64 bits of HMAC-B, the ACK the leftmost 160 of HMAC-A.
 */
import { putUint32 } from '../bytes/octets.js';
import { hashOf, hmac, keyOctets, type MptcpVersion } from './hash.js';

/** Seen from the end whose HMAC it is. Nonces are 32 bits. */
export interface JoinSecrets {
  readonly localKey: bigint;
  readonly remoteKey: bigint;
  readonly localNonce: number;
  readonly remoteNonce: number;
}

const Nonce = { local: 0, remote: 4, end: 8 } as const;
const Cut = { synAck: 8, ack: 20 } as const;

/** The whole digest, 20 octets in v0 and 32 in v1. */
export function joinHmac(version: MptcpVersion, secrets: JoinSecrets): Uint8Array {
  const nonces = new Uint8Array(Nonce.end);
  putUint32(nonces, Nonce.local, secrets.localNonce);
  putUint32(nonces, Nonce.remote, secrets.remoteNonce);
  return hmac(hashOf(version), keyOctets(secrets.localKey, secrets.remoteKey), nonces);
}

/** What a SYN/ACK carries: the leftmost 64 bits. */
export const joinHmac64 = (version: MptcpVersion, secrets: JoinSecrets): Uint8Array =>
  joinHmac(version, secrets).subarray(0, Cut.synAck);

/** What the third segment carries: the leftmost 160 bits. */
export const joinHmac160 = (version: MptcpVersion, secrets: JoinSecrets): Uint8Array =>
  joinHmac(version, secrets).subarray(0, Cut.ack);
