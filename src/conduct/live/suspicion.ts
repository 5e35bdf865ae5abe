/**
 * Finds the case under which an implementation dies. The cases under way at its death are suspects: they run once more, a
 * few at a time and then one at a time, until it dies under a case that runs alone. That case is to blame, and the others
 * are no longer suspects.
 */
import type { LiveEnd } from '../../run/live/live.js';
import { longestFirst } from '../../run/order.js';
import { likelyWait } from '../../run/patience.js';
import type { ExpandedCase } from '../../suite/language/case.js';

export type LostEnd = Extract<LiveEnd, { readonly end: 'lost' }>;

/** Cases of one round, and how many of them run at once. */
export interface Round {
  readonly cases: readonly ExpandedCase[];
  readonly jobs: number;
}

/**
 * How often a dying implementation is restarted without a case to blame before the run is aborted; and how often in all.
 */
const mostRestarts = 5;
const mostBlamed = 25;

/** With more suspects than this, this many run at once: so few remain when it dies again. */
const fewSuspects = 16;
const suspectsAtOnce = 8;

export class Suspicion {
  /** As many as the run has at once. */
  readonly #jobs: number;
  #unexplained: LostEnd[] = [];
  #restarts = 0;
  #blamed = 0;

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  /** It died so often that another restart is useless. */
  get isHopeless(): boolean {
    return this.#restarts > mostRestarts || this.#blamed > mostBlamed;
  }

  /** Why it died, if no case is to blame. */
  get unexplained(): string | undefined {
    return this.#unexplained[0]?.why;
  }

  /** A case that was alone explains every death for which it was a suspect. */
  note(end: LostEnd): void {
    const { alone } = end;
    this.#restarts += 1;
    if (alone === undefined) {
      this.#unexplained.push(end);
      return;
    }
    this.#unexplained = this.#unexplained.filter(({ suspects }) => !suspects.includes(alone));
    this.#restarts = 1;
    this.#blamed += 1;
  }

  /** The cases of the next round. Among suspects the shortest come first. */
  roundsAfter(end: LostEnd, round: Round, later: readonly Round[]): readonly Round[] {
    const rest: readonly Round[] = [{ ...round, cases: end.left }, ...later];
    const rounds =
      end.alone === undefined
        ? [{ cases: longestFirst(end.suspects, waitOf).toReversed(), jobs: jobsFor(end, round) }, ...rest]
        : [{ cases: rest.flatMap(({ cases }) => cases), jobs: this.#jobs }];
    return rounds.filter(({ cases }) => cases.length > 0);
  }

  /** How the suspects run, as the end of a sentence; empty if there are none. */
  tell(end: LostEnd, round: Round): string {
    const jobs = jobsFor(end, round);
    const { length } = end.suspects;
    return length === 0
      ? ''
      : `, and what was under way (${length}) is run once more, ${jobs === 1 ? 'one' : jobs} at a time`;
  }
}

const waitOf = ({ steps }: ExpandedCase): bigint => likelyWait(steps);

const jobsFor = ({ suspects }: LostEnd, { jobs }: Round): number =>
  suspects.length > fewSuspects ? Math.max(1, Math.min(suspectsAtOnce, jobs - 1)) : 1;
