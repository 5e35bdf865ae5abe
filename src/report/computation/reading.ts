/**
 * A reading of a computation: one way to do it, right or wrong, with its mistakes. Readings are compared with a value
 * that came; those that give it, with the fewest mistakes, show what an implementation probably does.
 */
import { equalOctets } from '../../protocol/bytes/octets.js';
import type { HashName } from '../../protocol/keys/hash.js';

export interface Reading {
  /** Each mistake as a phrase: `the keys swapped`. None: the right computation. */
  readonly wrong: readonly string[];
  /** The whole value, before it is cut to what a field holds. */
  readonly octets: Uint8Array;
}

/** Which of a variant's values is the right one comes first, without a phrase. */
export interface Variant<T> {
  readonly value: T;
  readonly wrong?: string;
}

export const phrases = (...variants: readonly Variant<unknown>[]): readonly string[] =>
  variants.flatMap(({ wrong }) => (wrong === undefined ? [] : [wrong]));

/** The right hash, and the other one that MPTCP knows. */
export const hashReadings = (right: HashName): readonly Variant<HashName>[] => {
  const other = right === 'sha1' ? 'sha256' : 'sha1';
  return [{ value: right }, { value: other, wrong: `${other} in place of ${right}` }];
};

/** How a field of `size` octets is cut from a longer value. */
type Cut = Variant<(octets: Uint8Array, size: number) => Uint8Array>;

export const leftmost: Cut['value'] = (octets, size) => octets.subarray(0, size);
export const rightmost: Cut['value'] = (octets, size) => octets.subarray(Math.max(0, octets.length - size));

/** Fewer octets than this can agree by chance. */
const leastEvidence = 4;

/**
 * The readings that give the value that came, as phrases; those with the fewest mistakes, at most three. `cuts`: how the
 * field is cut from the whole value, the right way first. A value that begins right and ends with zeros was cut too
 * short.
 */
export const readingsThatGive = (
  observed: Uint8Array,
  readings: Iterable<Reading>,
  cuts: readonly Cut[],
): readonly string[] => {
  const found: { readonly wrong: readonly string[]; readonly text: string }[] = [];
  for (const { wrong, octets } of readings) {
    for (const cut of cuts) {
      const why = agreement(observed, cut.value(octets, observed.length));
      if (why === undefined) continue;
      const all = [...wrong, ...phrases(cut), ...why];
      found.push({ wrong: all, text: all.length === 0 ? 'the right computation' : all.join(', ') });
    }
  }
  const fewest = Math.min(...found.map(({ wrong }) => wrong.length));
  const best = found.filter(({ wrong }) => wrong.length === fewest).map(({ text }) => text);
  return [...new Set(best)].slice(0, 3);
};

const agreement = (observed: Uint8Array, candidate: Uint8Array): readonly string[] | undefined => {
  if (equalOctets(observed, candidate)) return [];
  const zeros = observed.length - 1 - observed.findLastIndex((octet) => octet !== 0);
  const kept = observed.length - zeros;
  if (zeros < leastEvidence || kept < leastEvidence) return undefined;
  return equalOctets(observed.subarray(0, kept), candidate.subarray(0, kept))
    ? [`only the first ${kept * 8} bits, zeros after them`]
    : undefined;
};
