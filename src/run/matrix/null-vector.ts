/**
 * The verdict vector of a null implementation: the number of each verdict, and the cases that it passed (`content`). Each
 * case is judged once, with the first profile that makes it applicable.
 */
import { createHash } from 'node:crypto';
import type { SimulatedSubject } from '../../iut/subject.js';
import { applies } from '../../suite/catalogue/applicability.js';
import { meansId } from '../../suite/catalogue/selection.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import type { Judge } from './outcome.js';

/** By profile and role, then by verdict. */
export type VectorCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface NullVector {
  readonly counts: VectorCounts;
  /** Cases that do not fail, by id: `pass`, `info` or `nonstrict`. */
  readonly content: ReadonlyMap<string, Verdict>;
}

const contentVerdicts: readonly Verdict[] = ['pass', 'info', 'nonstrict'];

export const measureVector = async (
  subjects: readonly SimulatedSubject[],
  cases: readonly ExpandedCase[],
  judge: Judge,
): Promise<NullVector> => {
  const counts = new Map<string, Map<Verdict, number>>();
  const content = new Map<string, Verdict>();
  const left = new Set(cases);
  for (const subject of subjects) {
    const own = [...left].filter((each) => applies(each, subject.claims).applies);
    for (const each of own) left.delete(each);
    const outcomes = await judge(subject, own);
    for (const { id, role } of own) {
      const verdict = outcomes.get(id)?.verdict ?? 'error';
      const key = `${subject.name.split(':').at(-1)} ${role}`;
      const tally = counts.get(key) ?? new Map<Verdict, number>();
      counts.set(key, tally.set(verdict, (tally.get(verdict) ?? 0) + 1));
      if (contentVerdicts.includes(verdict)) content.set(id, verdict);
    }
  }
  const sorted = <T>(entries: Iterable<[string, T]>): [string, T][] =>
    [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    counts: Object.fromEntries(sorted(counts).map(([key, tally]) => [key, Object.fromEntries(sorted(tally))])),
    content,
  };
};

/** Identifies a catalogue by the ids and versions of its cases. */
export const catalogueDigest = (cases: readonly ExpandedCase[]): string =>
  createHash('sha256')
    .update(cases.map(({ id, version }) => `${id} ${version}\n`).join(''))
    .digest('hex')
    .slice(0, 16);

/** A reviewed reason why cases pass on a null implementation. */
export interface ReviewedPass {
  /** Ids, id prefixes up to a dot, or globs. */
  readonly cases: readonly string[];
  readonly because: string;
}

/** Cases that pass without a reviewed reason, and patterns that match no case any more. */
export const compareReview = (
  content: ReadonlyMap<string, Verdict>,
  reviewed: readonly ReviewedPass[],
): { readonly unexplained: readonly string[]; readonly obsolete: readonly string[] } => {
  const patterns = reviewed.flatMap(({ cases }) => cases);
  const ids = [...content.keys()];
  return {
    unexplained: ids.filter((id) => !patterns.some((pattern) => meansId(pattern, id))),
    obsolete: patterns.filter((pattern) => !ids.some((id) => meansId(pattern, id))),
  };
};
