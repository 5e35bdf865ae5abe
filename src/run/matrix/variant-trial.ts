/**
 * Runs the catalogue on variants: the verdict of each case on an implementation that uses one freedom, and whether the
 * freedom shows in that case at all. If the packets are those of the reference, the case is not judged again, unless its
 * steps depend on the declaration.
 */
import type { ComparedSubject, OverheardSubject } from '../../iut/overheard-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { asksTheSame } from '../../suite/scenario/declaration.js';
import { ranked, type Verdict } from '../../suite/verdict/verdict.js';
import { simulateCase } from '../simulate.js';
import { Hearing } from './hearing.js';

export interface Trial {
  readonly id: string;
  readonly verdict: Verdict;
  /** The verdict on the reference; undefined if the case does not apply to its declaration. */
  readonly usual: Verdict | undefined;
  /** Whether the packets, or the steps of the case, differ from those of the reference. */
  readonly differs: boolean;
  /** The finding, if the verdict is worse than on the reference. */
  readonly sentence?: string;
}

const rankOf = (verdict: Verdict): number => (ranked as readonly Verdict[]).indexOf(verdict);
const bestRed = rankOf('nonstrict');

/** Worse than any verdict that a conforming implementation may get. */
export const isRed = ({ verdict }: Trial): boolean => rankOf(verdict) > bestRed || rankOf(verdict) < 0;

/** A missed recommendation that the reference does not miss. */
export const isLessStrict = ({ verdict, usual }: Trial): boolean =>
  verdict === 'nonstrict' && (usual === undefined || rankOf(usual) < bestRed);

/** Verdicts on the reference and recorded calls, by subject and case. */
export class Comparison {
  readonly #hearing: Hearing<Verdict>;

  constructor(readonly seed: string) {
    this.#hearing = new Hearing(seed, (reference, each) => judged(reference, each, seed).verdict);
  }

  /** Tries the cases that apply. */
  try(subject: ComparedSubject, cases: readonly ExpandedCase[]): readonly Trial[] {
    return cases.map((each) => this.#tryOne(subject, each));
  }

  #tryOne(subject: ComparedSubject, each: ExpandedCase): Trial {
    const { id } = each;
    const heard = applies(each, subject.usual.claims).applies ? this.#hearing.hear(subject.usual, each) : undefined;
    const usual = heard?.outcome;
    const isAskedAlike = asksTheSame(each, declaredBy(subject), declaredBy(subject.usual));
    if (heard !== undefined && isAskedAlike && subject.saysTheSame(`${this.seed}/${id}`, heard.utterances))
      return { id, verdict: heard.outcome, usual, differs: false };
    const { verdict, sentence } = judged(subject, each, this.seed);
    const trial = { id, verdict, usual, differs: true };
    return isRed(trial) || isLessStrict(trial) ? { ...trial, sentence } : trial;
  }
}

const declaredBy = ({ settings }: SimulatedSubject) => settings.declared ?? {};

/** A simulation that fails is an error. */
const judged = (
  subject: OverheardSubject | ComparedSubject,
  each: ExpandedCase,
  seed: string,
): { readonly verdict: Verdict; readonly sentence: string } => {
  try {
    return simulateCase(subject, each, seed).driven.judgement;
  } catch (cause) {
    return { verdict: 'error', sentence: cause instanceof Error ? cause.message : String(cause) };
  }
};
