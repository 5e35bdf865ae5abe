/**
 * Which case an implementation went away under. Those that were under way when it did are suspects: they run once more, a few and
 * then one at a time, until it goes away under one that is alone. That one is to blame, and nobody else is suspected any more.
 */
import type { LiveEnd } from '../../run/live/live.js';
import { longestFirst } from '../../run/order.js';
import { likelyWait } from '../../run/patience.js';
import type { ExpandedCase } from '../../suite/language/case.js';

export type LostEnd = Extract<LiveEnd, { readonly end: 'lost' }>;

/** Cases that are run together, and how many of them at once. */
export interface Round {
  readonly cases: readonly ExpandedCase[];
  readonly jobs: number;
}

/** How often one that goes away is started again, without a case to blame, before the run is given up; and how often in all. */
const mostRestarts = 5;
const mostBlamed = 25;

/** Of more suspects than these so many run at once: those that remain when it goes away again are few. */
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

  /** It went away so often that it makes no sense to start it again. */
  get isHopeless(): boolean {
    return this.#restarts > mostRestarts || this.#blamed > mostBlamed;
  }

  /** Why it went away without a case that is to blame. */
  get unexplained(): string | undefined {
    return this.#unexplained[0]?.why;
  }

  /** One that was alone explains every time that it was among the suspects. */
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

  /** What is to be run after a round ended so. Of suspects those come first that are over soon. */
  roundsAfter(end: LostEnd, round: Round, later: readonly Round[]): readonly Round[] {
    const rest: readonly Round[] = [{ ...round, cases: end.left }, ...later];
    const rounds =
      end.alone === undefined
        ? [{ cases: longestFirst(end.suspects, waitOf).toReversed(), jobs: jobsFor(end, round) }, ...rest]
        : [{ cases: rest.flatMap(({ cases }) => cases), jobs: this.#jobs }];
    return rounds.filter(({ cases }) => cases.length > 0);
  }

  /** How the suspects are run, as the end of a sentence; nothing where there are none. */
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
