/**
 * The outcome of a case on a subject, separately for the steps of the case and the rules of the book. A subject whose
 * host sends the same packets as the reference has the reference's outcome and is not judged again.
 */
import type { ComparedSubject, OverheardSubject } from '../../iut/overheard-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { type Finding, type RankedVerdict, ranked, type Verdict, worse } from '../../suite/verdict/verdict.js';
import { simulateCase } from '../simulate.js';
import { type Heard, Hearing } from './hearing.js';

/** A rule of the book that a subject broke. */
export interface Breach {
  readonly rule: string;
  readonly verdict: RankedVerdict;
  readonly requirements: readonly string[];
}

export interface Outcome {
  readonly verdict: Verdict;
  /** The verdict of the steps alone. */
  readonly bySteps: Verdict;
  readonly byRules: readonly Breach[];
  /** Whether the packets or the events of the application differ from the reference's; false for a reference itself. */
  readonly differs: boolean;
}

export type OutcomesById = ReadonlyMap<string, Outcome>;

/** Judges a subject by cases, here or in another thread. */
export type Judge = (subject: SimulatedSubject, cases: readonly ExpandedCase[]) => Promise<OutcomesById>;

const rankOf = (verdict: Verdict): number => (ranked as readonly Verdict[]).indexOf(verdict);
const green = rankOf('nonstrict');

/** Whether a conforming implementation may get this verdict. */
export const isGreen = (verdict: Verdict): boolean => rankOf(verdict) >= 0 && rankOf(verdict) <= green;

/** Whether that verdict on a mutant, compared with that on the reference, shows the defect. */
export const kills = (onMutant: Verdict, onReference: Verdict): boolean =>
  (onMutant === 'fail' || onMutant === 'nonstrict') && isGreen(onReference) && rankOf(onMutant) > rankOf(onReference);

const verdictOf = (findings: readonly Finding[]): RankedVerdict =>
  findings.reduce<RankedVerdict>((worst, { verdict }) => worse(worst, verdict), 'pass');

const failed: Omit<Outcome, 'differs'> = { verdict: 'error', bySteps: 'error', byRules: [] };

/** A simulation that fails is an error. */
const judged = (subject: SimulatedSubject, each: ExpandedCase, seed: string): Omit<Outcome, 'differs'> => {
  try {
    const { verdict, findings } = simulateCase(subject, each, seed).driven.judgement;
    const own = findings.filter(({ rule }) => rule === undefined);
    const bySteps = own.length === findings.length ? verdict : verdictOf(own);
    const byRules = findings.flatMap(({ rule, verdict: of, requirements = [] }) =>
      rule === undefined ? [] : [{ rule, verdict: of, requirements }],
    );
    return { verdict, bySteps, byRules };
  } catch {
    return failed;
  }
};

const isCompared = (subject: SimulatedSubject): subject is ComparedSubject => 'usual' in subject;
const isOverheard = (subject: SimulatedSubject): subject is OverheardSubject => 'overheard' in subject;

/** Judges in this thread, and caches the outcomes of each reference. */
export class Judging {
  readonly #hearing: Hearing<Outcome>;

  constructor(readonly seed: string) {
    this.#hearing = new Hearing(seed, (reference, each) => ({ ...judged(reference, each, seed), differs: false }));
  }

  judge(subject: SimulatedSubject, cases: readonly ExpandedCase[]): OutcomesById {
    return new Map(cases.map((each) => [each.id, this.#outcome(subject, each)]));
  }

  #outcome(subject: SimulatedSubject, each: ExpandedCase): Outcome {
    if (isOverheard(subject)) return this.hear(subject, each).outcome;
    if (!isCompared(subject)) return { ...judged(subject, each, this.seed), differs: false };
    const usual = this.hear(subject.usual, each);
    if (subject.saysTheSame(`${this.seed}/${each.id}`, usual.utterances)) return usual.outcome;
    return this.judgeAnew(subject, each);
  }

  /** Judges without comparing first. */
  judgeAnew(subject: SimulatedSubject, each: ExpandedCase): Outcome {
    return { ...judged(subject, each, this.seed), differs: true };
  }

  /** The outcome and packets of a reference in a case. */
  hear(reference: OverheardSubject, each: ExpandedCase): Heard<Outcome> {
    return this.#hearing.hear(reference, each);
  }
}
