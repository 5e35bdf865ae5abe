/**
 * Readings of the HMACs of MP_JOIN (RFC 8684 section 3.2): key is the sender's key and then the other's, message the
 * sender's nonce and then the other's.
 */
import { bigEndian } from '../../protocol/bytes/octets.js';
import { digest, type HashName, hashOf, hmac, type MptcpVersion } from '../../protocol/keys/hash.js';
import { leftmost, phrases, type Reading, readingsThatGive, rightmost, type Variant } from './reading.js';

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

const hashes = (version: MptcpVersion): readonly Variant<HashName>[] => {
  const right = hashOf(version);
  const other = right === 'sha1' ? 'sha256' : 'sha1';
  return [{ value: right }, { value: other, wrong: `${other} in place of ${right}` }];
};

/** Two values as octets, in the order and completeness of each variant. */
function pairs(own: Uint8Array, other: Uint8Array, what: string): readonly Variant<Uint8Array>[] {
  const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
  return [
    { value: join(own, other) },
    { value: join(other, own), wrong: `the ${what}s in the wrong order` },
    { value: own, wrong: `only its own ${what}` },
    { value: other, wrong: `only the other end's ${what}` },
    { value: join(own, own), wrong: `its own ${what} twice` },
    { value: join(other, other), wrong: `the other end's ${what} twice` },
    { value: join(own.toReversed(), other.toReversed()), wrong: `the ${what}s in little-endian order` },
    { value: join(), wrong: `no ${what} at all` },
  ];
}

function* joinReadings({ version, ownKey, otherKey, ownNonce, otherNonce }: JoinInputs): Generator<Reading> {
  const keys = pairs(bigEndian(ownKey, 8), bigEndian(otherKey, 8), 'key');
  const nonces = pairs(bigEndian(ownNonce, 4), bigEndian(otherNonce, 4), 'nonce');
  for (const hash of hashes(version)) {
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
