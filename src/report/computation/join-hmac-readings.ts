/**
 * Readings of the HMACs of MP_JOIN (RFC 8684 section 3.2): key is the sender's key and then the other's, message the
 * sender's nonce and then the other's.
 */
import { bigEndian } from '../../protocol/bytes/octets.js';
import { digest, hashOf, hmac, type MptcpVersion } from '../../protocol/keys/hash.js';
import { pairReadings } from './pair-readings.js';
import { hashReadings, leftmost, phrases, type Reading, readingsThatGive, rightmost } from './reading.js';

export interface JoinInputs {
  readonly version: MptcpVersion;
  /** Of the end whose HMAC it is. */
  readonly ownKey: bigint;
  readonly otherKey: bigint;
  readonly ownNonce: bigint;
  readonly otherNonce: bigint;
}

export const explainJoinHmac = (inputs: JoinInputs, observed: Uint8Array): readonly string[] =>
  readingsThatGive(observed, joinReadings(inputs), [
    { value: leftmost },
    { value: rightmost, wrong: 'cut from the right end of the digest' },
  ]);

function* joinReadings({ version, ownKey, otherKey, ownNonce, otherNonce }: JoinInputs): Generator<Reading> {
  const keys = pairReadings(bigEndian(ownKey, 8), bigEndian(otherKey, 8), 'key');
  const nonces = pairReadings(bigEndian(ownNonce, 4), bigEndian(otherNonce, 4), 'nonce');
  for (const hash of hashReadings(hashOf(version))) {
    for (const key of keys) {
      for (const nonce of nonces) {
        const otherEnd = key === keys[1] && nonce === nonces[1];
        const wrong = otherEnd ? [...phrases(hash), 'the HMAC of the other end'] : phrases(hash, key, nonce);
        yield { wrong, octets: hmac(hash.value, key.value, nonce.value) };
      }
    }
    const plain = digest(hash.value, Buffer.concat([keys[0]?.value ?? '', nonces[0]?.value ?? ''].map(Buffer.from)));
    yield { wrong: [...phrases(hash), 'a plain hash in place of an HMAC'], octets: plain };
  }
}
