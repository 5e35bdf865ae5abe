/**
 * Readings of the MAC of MP_JOIN_CAP: for each choice that the draft leaves open (split, CRC-16, place of the ten bits)
 * all values but the declared one, and likely mistakes: a key left out or confused with another, the fast hash of another
 * key or none at all.
 */
import { bigEndian, equalOctets, fromBigEndian } from '../../protocol/bytes/octets.js';
import { crcVariants } from '../../protocol/keys/crc16.js';
import { hashOf, type MptcpVersion } from '../../protocol/keys/hash.js';
import {
  fastHash,
  fastHashBits,
  fastHashMask,
  type JoinCapLayout,
  joinCapDigest,
} from '../../protocol/keys/join-cap-mac.js';
import { hashReadings, leftmost, phrases, type Reading, readingsThatGive, type Variant } from './reading.js';

export interface CapInputs {
  readonly version: MptcpVersion;
  readonly layout: JoinCapLayout;
  readonly keyA: bigint;
  readonly keyB: bigint;
  readonly keyB2: bigint;
  /** Other keys of the case that may have been used by mistake, each with its name. */
  readonly others: readonly { readonly name: string; readonly key: bigint }[];
}

export const explainCapMac = (inputs: CapInputs, observed: Uint8Array): readonly string[] => {
  const size = observed.length;
  const short =
    size * 8 === inputs.layout.macBits ? undefined : `${size * 8} bits long, declared are ${inputs.layout.macBits}`;
  return readingsThatGive(observed, capReadings(inputs, observed), [
    { value: leftmost, ...(short === undefined ? {} : { wrong: short }) },
  ]);
};

/** Octets that the fast hash never covers: a digest that differs there cannot give the value. */
const untouched = (octets: Uint8Array): Uint8Array => octets.subarray(2, 6);

function* capReadings(inputs: CapInputs, observed: Uint8Array): Generator<Reading> {
  const fast = fastHashes(inputs);
  for (const digest of digests(inputs)) {
    if (!equalOctets(untouched(digest.octets), untouched(observed))) continue;
    for (const place of places(inputs.layout)) {
      for (const bits of fast) {
        yield {
          wrong: [...digest.wrong, ...phrases(place, bits)],
          octets:
            bits.value === undefined ? digest.octets : put(digest.octets, observed.length, place.value, bits.value),
        };
      }
    }
  }
}

const put = (digest: Uint8Array, size: number, place: JoinCapLayout['place'], bits: bigint): Uint8Array => {
  const whole = place === 'before-truncation' ? digest : digest.subarray(0, size);
  const shift = place === 'msb' ? BigInt(whole.length * 8 - fastHashBits) : 0n;
  return bigEndian((fromBigEndian(whole) & ~(fastHashMask << shift)) | (bits << shift), whole.length);
};

const places = ({ place }: JoinCapLayout): readonly Variant<JoinCapLayout['place']>[] => {
  const words = {
    'lsb-after-truncation': 'in the low bits of the MAC',
    msb: 'in its high bits',
    'before-truncation': 'in the digest before it is cut',
  } as const satisfies Readonly<Record<JoinCapLayout['place'], string>>;
  const all = Object.keys(words) as readonly JoinCapLayout['place'][];
  return [
    { value: place },
    ...all.filter((each) => each !== place).map((each) => ({ value: each, wrong: `the fast hash ${words[each]}` })),
  ];
};

/** The ten bits of every CRC over every key; undefined: none are put in. */
const fastHashes = ({ layout, keyA, keyB, keyB2 }: CapInputs): readonly Variant<bigint | undefined>[] => {
  const crcs: readonly Variant<JoinCapLayout['crc']>[] = [
    { value: layout.crc },
    ...crcVariants
      .filter((each) => each !== layout.crc)
      .map((each) => ({ value: each, wrong: `CRC-16/${each} in place of ${layout.crc}` })),
  ];
  const keys: readonly Variant<bigint>[] = [
    { value: keyB },
    { value: keyA, wrong: 'the fast hash of Key-A' },
    { value: keyB2, wrong: "the fast hash of Key-B'" },
  ];
  return [
    ...crcs.flatMap((crc) =>
      keys.map((key) => {
        const wrong = phrases(crc, key).join(', ');
        return { value: BigInt(fastHash(crc.value, key.value)), ...(wrong === '' ? {} : { wrong }) };
      }),
    ),
    { value: undefined, wrong: 'no fast hash put in' },
    { value: 0n, wrong: 'the ten bits of the fast hash left zero' },
  ];
};

const splits: readonly JoinCapLayout['split'][] = ['ab|b2', 'abb2|', 'bb2|a', 'b|ab2', 'hash'];

function* digests({ version, layout, keyA, keyB, keyB2, others }: CapInputs): Generator<Reading> {
  const keys: readonly Variant<readonly [bigint, bigint, bigint]>[] = [
    { value: [keyA, keyB, keyB2] },
    { value: [keyB, keyA, keyB2], wrong: 'Key-A and Key-B exchanged' },
    { value: [keyA, keyB2, keyB], wrong: "Key-B and Key-B' exchanged" },
    { value: [keyA, keyB, keyB], wrong: "Key-B in place of Key-B'" },
    { value: [keyA, keyB, 0n], wrong: "zero in place of Key-B'" },
    ...others.flatMap(({ name, key }) => [
      { value: [key, keyB, keyB2] as const, wrong: `${name} in place of Key-A` },
      { value: [keyA, key, keyB2] as const, wrong: `${name} in place of Key-B` },
      { value: [keyA, keyB, key] as const, wrong: `${name} in place of Key-B'` },
    ]),
  ];
  for (const hash of hashReadings(layout.hash === 'negotiated' ? hashOf(version) : layout.hash)) {
    for (const split of splits) {
      for (const key of keys) {
        const [a, b, b2] = key.value;
        const octets = joinCapDigest({
          version,
          keyA: a,
          keyB: b,
          keyB2: b2,
          layout: { ...layout, hash: hash.value, split },
        });
        const otherwise = split === layout.split ? [] : [`keys split as ${split} in place of ${layout.split}`];
        yield { wrong: [...phrases(hash, key), ...otherwise], octets };
      }
    }
  }
}
