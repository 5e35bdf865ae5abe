/**
 * What both ends derive from a key: the token that names a connection (RFC 8684 section 3.2) and the initial data sequence
 * number (section 3.1). The token is the most significant 32 bits of the key's hash, the IDSN its least significant 64.
 */
import { uint32, uint64 } from '../bytes/octets.js';
import { digest, hashOf, keyOctets, type MptcpVersion } from './hash.js';

const idsnSize = 8;

export const keyDigest = (version: MptcpVersion, key: bigint): Uint8Array => digest(hashOf(version), keyOctets(key));

export const token = (version: MptcpVersion, key: bigint): number => uint32(keyDigest(version, key), 0);

/** The first octet of payload has the number behind this one, modulo 2^64. */
export function initialDsn(version: MptcpVersion, key: bigint): bigint {
  const octets = keyDigest(version, key);
  return uint64(octets, octets.length - idsnSize);
}
