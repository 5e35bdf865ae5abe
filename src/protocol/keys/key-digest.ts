/**
 * What both ends derive from a key: the token that names a connection (RFC 8684 section 3.2) and the initial data sequence
 * number (section 3.1). The token is the most significant 32 bits of the key's hash, the IDSN its least significant 64.
 */
import { uint32, uint64 } from '../bytes/octets.js';
import { digest, hashOf, keyOctets, type MptcpVersion } from './hash.js';

const idsnSize = 8;

export interface KeyDerivation {
  readonly token: number;
  /** The first octet of payload has the number after this one, modulo 2^64. */
  readonly initialDsn: bigint;
}

export const keyDigest = (version: MptcpVersion, key: bigint): Uint8Array => digest(hashOf(version), keyOctets(key));

/** Both from one digest. */
export function deriveFromKey(version: MptcpVersion, key: bigint): KeyDerivation {
  const octets = keyDigest(version, key);
  return { token: uint32(octets, 0), initialDsn: uint64(octets, octets.length - idsnSize) };
}

export const token = (version: MptcpVersion, key: bigint): number => deriveFromKey(version, key).token;

export const initialDsn = (version: MptcpVersion, key: bigint): bigint => deriveFromKey(version, key).initialDsn;
