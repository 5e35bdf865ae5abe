/**
 * Runs every variant with every case that applies to it: a red case demands more than its source. Each case is tried once
 * for a variant, with the subject on which a run of `embedded` would judge it.
 */
import type { ComparedSubject } from '../../iut/overheard-subject.js';
import { placesOf } from '../../iut/variant-subject.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Variant } from '../../variants/variant.js';
import { assign } from '../assignment.js';
import { isLessStrict, isRed, type Trial } from './variant-trial.js';

/** Tries cases on a subject, here or in another thread. */
export type Try = (subject: ComparedSubject, cases: readonly ExpandedCase[]) => Promise<readonly Trial[]>;

/** The result of one variant, or of several together. */
export interface VariantRow {
  readonly variants: readonly Variant[];
  /** Cases that were tried. */
  readonly tried: number;
  /** Those in which its packets are not the reference's. */
  readonly differing: number;
  readonly red: readonly Trial[];
  /** Cases that miss a recommendation in it and not in the reference. */
  readonly nonstrict: readonly Trial[];
}

/** Where these variants are tried together, and with which cases. */
const assignTo = (variants: readonly Variant[], cases: readonly ExpandedCase[]) => {
  const places = placesOf(variants);
  const { assignments } = assign(
    places.map(({ subject }) => subject),
    cases.filter(({ role }) => variants.every((variant) => variant.role === 'both' || variant.role === role)),
  );
  return { places, assignments };
};

/** How many cases these variants are tried with together. */
export const casesFor = (variants: readonly Variant[], cases: readonly ExpandedCase[]): number =>
  assignTo(variants, cases).assignments.reduce((sum, { cases: own }) => sum + own.length, 0);

/** Tries these variants together. */
export const tryTogether = async (
  variants: readonly Variant[],
  cases: readonly ExpandedCase[],
  tries: Try,
): Promise<VariantRow> => {
  const { places, assignments } = assignTo(variants, cases);
  const trials = await Promise.all(
    assignments.map(({ subject, cases: own }) => {
      const variant = places.find((place) => place.subject === subject)?.variant;
      return variant === undefined ? [] : tries(variant, own);
    }),
  );
  const all = trials.flat();
  const strict = variants.every(({ keeps }) => keeps === undefined);
  return {
    variants,
    tried: all.length,
    differing: all.filter(({ differs }) => differs).length,
    red: all.filter(isRed),
    nonstrict: strict ? all.filter(isLessStrict) : [],
  };
};
