/**
 * Runs every case with many variants at once. A red result is reduced to the fewest variants that make it red, mostly one
 * or two, so that the finding reads like that of a pair.
 */
import { type CombinedPlace, combinedPlacesOf } from '../../iut/variant-subject.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Variant } from '../../variants/variant.js';
import { assign } from '../assignment.js';
import type { Try } from './variant-matrix.js';
import { isLessStrict, isRed, type Trial } from './variant-trial.js';

/** A case that fails on variants used together. */
export interface Quarrel {
  /** The fewest variants on which it fails. */
  readonly variants: readonly Variant[];
  readonly trial: Trial;
}

export interface RowOutcome {
  readonly tried: number;
  readonly differing: number;
  readonly quarrels: readonly Quarrel[];
}

const roles = ['server', 'client'] as const;

/** Whether a conforming implementation may get the verdict: a variant that declares it may miss a SHOULD. */
const isMinded = (trial: Trial, used: readonly Variant[]): boolean =>
  isRed(trial) || (isLessStrict(trial) && used.every(({ keeps }) => keeps === undefined));

/** Tries these variants together. */
export const tryRow = async (
  row: readonly Variant[],
  cases: readonly ExpandedCase[],
  tries: Try,
): Promise<RowOutcome> => {
  const outcomes: RowOutcome[] = [];
  for (const role of roles) {
    const places = combinedPlacesOf(row.filter((variant) => variant.role === 'both' || variant.role === role));
    const { assignments } = assign(
      places.map(({ subject }) => subject),
      cases.filter((each) => each.role === role),
    );
    const tried = assignments.map(async ({ subject, cases: own }) => {
      const place = places.find((each) => each.subject === subject);
      return place === undefined || place.used.length === 0 ? nothing : tryPlace(place, own, tries);
    });
    outcomes.push(...(await Promise.all(tried)));
  }
  return {
    tried: outcomes.reduce((sum, { tried }) => sum + tried, 0),
    differing: outcomes.reduce((sum, { differing }) => sum + differing, 0),
    quarrels: outcomes.flatMap(({ quarrels }) => quarrels),
  };
};

const nothing: RowOutcome = { tried: 0, differing: 0, quarrels: [] };

const tryPlace = async (place: CombinedPlace, cases: readonly ExpandedCase[], tries: Try): Promise<RowOutcome> => {
  const { used } = place;
  const trials = await tries(place.only(used), cases);
  const quarrels: Quarrel[] = [];
  for (const trial of trials.filter((each) => isMinded(each, used))) {
    const subject = cases.find(({ id }) => id === trial.id);
    if (subject !== undefined) quarrels.push(await cutDown(place, subject, trial, tries));
  }
  return { tried: trials.length, differing: trials.filter(({ differs }) => differs).length, quarrels };
};

/** Leaves out one half after the other, then one variant after the other, as long as the case still applies and fails. */
const cutDown = async (place: CombinedPlace, subject: ExpandedCase, first: Trial, tries: Try): Promise<Quarrel> => {
  let variants = place.used;
  let trial = first;
  for (let size = Math.ceil(variants.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < variants.length && variants.length > 1; ) {
      const fewer = [...variants.slice(0, from), ...variants.slice(from + size)];
      const left = fewer.length === 0 ? undefined : place.only(fewer);
      const isAsked = left !== undefined && applies(subject, left.claims).applies;
      const [less] = isAsked ? await tries(left, [subject]) : [];
      if (less !== undefined && isMinded(less, fewer)) {
        variants = fewer;
        trial = less;
      } else from += size;
    }
  }
  return { variants, trial };
};
