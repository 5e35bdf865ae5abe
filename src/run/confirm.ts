/**
 * Confirmation: cases that came out red are run again, to tell what is stable from what is flaky. Every time is kept, none
 * repairs another: the result of the case is that of its worst time.
 *
 * Each time has a seed of its own, from which other ports, numbers and keys follow. With the seed of the first time an
 * embedded implementation would give the same octets again, which confirms nothing; and a live one still remembers the
 * addresses of the first time.
 */
import type { Attempt, CaseResult } from '../suite/verdict/results.js';
import { badness } from '../suite/verdict/verdict.js';
import type { RunEnd } from './ledger.js';

/** Seed of the second time is `<seed>.2`. */
export const attemptSeed = (seed: string, attempt: number): string => `${seed}.${attempt}`;

export interface ConfirmationRun {
  /** What came out at first, of one subject. */
  readonly results: readonly CaseResult[];
  /** How many more times. */
  readonly times: number;
  /** Runs the cases with these ids for the given time, from 2 on, and tells each result. */
  readonly again: (
    ids: ReadonlySet<string>,
    attempt: number,
    finished: (result: CaseResult) => void,
  ) => Promise<RunEnd>;
  /** A case with everything that came of it so far, whenever that is more than one time. */
  readonly confirmed: (result: CaseResult) => void;
}

/** Runs what needs it again, as often as asked for; stops when a time does not come to its end. */
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

/** Red or inconclusive; what has no verdict to confirm is left alone. */
const needsConfirmation = ({ verdict }: CaseResult): boolean => verdict === 'fail' || verdict === 'inconclusive';

/** The worst of several times, with all of them as its attempts; of equal ones the first. */
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
