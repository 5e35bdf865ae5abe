/**
 * Readings of values derived from one key: the token, the leftmost 32 bits of its hash (RFC 8684 section 3.2), and the
 * initial data sequence number, the rightmost 64 (section 3.1).
 */
import { bigEndian, fromBigEndian } from '../../protocol/bytes/octets.js';
import { digest, hashOf, type MptcpVersion } from '../../protocol/keys/hash.js';
import { hashReadings, leftmost, phrases, type Reading, readingsThatGive, rightmost, type Variant } from './reading.js';

export interface DigestInputs {
  readonly version: MptcpVersion;
  readonly key: bigint;
  readonly others: readonly { readonly name: string; readonly key: bigint }[];
  /** What is added to the number. */
  readonly offset: bigint;
}

export const explainToken = (inputs: DigestInputs, observed: Uint8Array): readonly string[] =>
  readingsThatGive(observed, digestReadings(inputs), [
    { value: leftmost },
    { value: rightmost, wrong: 'the right end of the digest' },
  ]);

/** The number is taken before the offset is added, so the cut comes first. */
export const explainInitialDsn = (inputs: DigestInputs, observed: Uint8Array): readonly string[] => {
  const modulus = observed.length * 8;
  const less = (offset: bigint): Uint8Array =>
    bigEndian(BigInt.asUintN(modulus, fromBigEndian(observed) - offset), observed.length);
  const offsets: readonly Variant<bigint>[] = [
    { value: inputs.offset },
    ...[0n, 1n, 2n]
      .filter((each) => each !== inputs.offset)
      .map((each) => ({ value: each, wrong: `with ${each} added in place of ${inputs.offset}` })),
  ];
  return offsets.flatMap((offset) => {
    const found = readingsThatGive(less(offset.value), digestReadings(inputs), [
      { value: rightmost },
      { value: leftmost, wrong: 'the left end of the digest' },
    ]);
    return offset.wrong === undefined ? found : found.map((text) => `${text}, ${offset.wrong}`);
  });
};

function* digestReadings({ version, key, others }: DigestInputs): Generator<Reading> {
  const keys: readonly Variant<Uint8Array>[] = [
    { value: bigEndian(key, 8) },
    { value: bigEndian(key, 8).toReversed(), wrong: 'the key in little-endian order' },
    ...others.map((each) => ({ value: bigEndian(each.key, 8), wrong: `of ${each.name}` })),
  ];
  for (const hash of hashReadings(hashOf(version))) {
    for (const each of keys) yield { wrong: phrases(hash, each), octets: digest(hash.value, each.value) };
  }
}
