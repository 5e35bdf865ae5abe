/** The order in which cases begin. */
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import type { ExpandedCase } from '../suite/language/case.js';

/** In a random order, determined by the seed. */
export const shuffle = (cases: readonly ExpandedCase[], seed: string): readonly ExpandedCase[] =>
  cases
    .map((each) => ({ each, rank: Buffer.from(deriveOctets(seed, `order/${each.id}`, 8)).toString('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ each }) => each);

/** Those that may wait longest first; equal ones in the given order. */
export const longestFirst = (
  cases: readonly ExpandedCase[],
  wait: (each: ExpandedCase) => bigint,
): readonly ExpandedCase[] =>
  cases
    .map((each) => ({ each, wait: wait(each) }))
    .sort((a, b) => (a.wait > b.wait ? -1 : a.wait < b.wait ? 1 : 0))
    .map(({ each }) => each);
