/**
 * Confirmation: red cases are run again, to distinguish stable from flaky. Every attempt is kept, and no attempt improves
 * another: the result of the case is that of its worst attempt.
 *
 * Each attempt has a seed of its own, from which other ports, numbers and keys follow. With the first seed an embedded
 * implementation would give the same octets again, which confirms nothing, and a live one still has state for the first
 * addresses.
 */
import type { Attempt, CaseResult } from '../suite/verdict/results.js';
import { badness } from '../suite/verdict/verdict.js';
import type { RunEnd } from './ledger.js';

/** Seed of the second time is `<seed>.2`. */
export const attemptSeed = (seed: string, attempt: number): string => `${seed}.${attempt}`;

export interface ConfirmationRun {
  /** The first results of one subject. */
  readonly results: readonly CaseResult[];
  /** Number of further attempts. */
  readonly times: number;
  /** Runs the cases with these ids as the given attempt, from 2 on, and reports each result. */
  readonly again: (
    ids: ReadonlySet<string>,
    attempt: number,
    finished: (result: CaseResult) => void,
  ) => Promise<RunEnd>;
  /** A case with all its attempts so far, if there is more than one. */
  readonly confirmed: (result: CaseResult) => void;
}

/** Runs red cases again, as often as requested; stops if an attempt of the run does not finish. */
export const confirm = async ({ results, times, again, confirmed }: ConfirmationRun): Promise<RunEnd> => {
  const doubtful = new Map(results.filter(needsConfirmation).map((result) => [result.id, [result]]));
  if (doubtful.size === 0) return { end: 'complete' };
  const ids = new Set(doubtful.keys());
  for (let attempt = 2; attempt <= times + 1; attempt += 1) {
    const end = await again(ids, attempt, (result) => {
      const all = [...(doubtful.get(result.id) ?? []), result];
      doubtful.set(result.id, all);
      confirmed(together(all));
    });
    if (end.end !== 'complete') return end;
  }
  return { end: 'complete' };
};

/** Red or inconclusive; other cases have no verdict to confirm. */
const needsConfirmation = ({ verdict }: CaseResult): boolean => verdict === 'fail' || verdict === 'inconclusive';

/** The worst of several attempts, with all of them listed; the first among equals. */
const together = (times: readonly CaseResult[]): CaseResult => {
  const [first] = times;
  if (first === undefined) throw new Error('a case that was never run cannot be confirmed');
  const worst = times.reduce((found, each) => (badness(each.verdict) > badness(found.verdict) ? each : found), first);
  return { ...worst, attempts: times.map(attemptOf) };
};

const attemptOf = ({ verdict, class: kind, signature, sentence, duration, evidence }: CaseResult): Attempt => ({
  verdict,
  ...(kind === undefined ? {} : { class: kind }),
  ...(signature === undefined ? {} : { signature }),
  sentence,
  duration,
  ...(evidence === undefined ? {} : { evidence }),
});
