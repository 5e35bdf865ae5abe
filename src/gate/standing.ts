/**
 * The standing of one result against its expectation. Pure; the gate decides from the standings.
 *
 * | standing | meaning | gate |
 * |---|---|---|
 * | as-expected | conforms, or does not apply | holds |
 * | known | does what its baseline entry says | holds |
 * | observation-changed | the source is silent, and something else is observed than the entry says | holds, told |
 * | regressed | worse than the entry says, or no entry of a baseline excuses it | red |
 * | changed | as bad as the entry says, in another way | red |
 * | fixed | better than the entry says: the entry has to go | red unless allowed |
 * | new-failure | does not conform, and there is no baseline | red |
 * | flaky | did not come out the same every time it was run | red |
 * | expired | does what its entry says, but the entry's last day is over | red |
 * | inconclusive | the evidence is insufficient | red over a budget |
 * | missing | planned and not run | red: incomplete |
 * | error | the tester, its surroundings or the case are at fault | red: error |
 */
import type { Attempt, CaseResult } from '../suite/verdict/results.js';
import { withoutStep } from '../suite/verdict/signature.js';
import { badness, type Verdict } from '../suite/verdict/verdict.js';
import type { BaselineEntry } from './baseline.js';

export const standings = [
  'as-expected',
  'known',
  'observation-changed',
  'regressed',
  'changed',
  'fixed',
  'new-failure',
  'flaky',
  'expired',
  'inconclusive',
  'missing',
  'error',
] as const;
export type Standing = (typeof standings)[number];

/** The expectation of a result. */
export interface Expectation {
  /** The entry that covers it; absent: it must conform. */
  readonly entry?: BaselineEntry | undefined;
  /** Whether there is a baseline for its subject. */
  readonly baselined: boolean;
  /** `must`: missing a SHOULD conforms; `should`: it does not. */
  readonly level: GateLevel;
  /** The day of the gate, `2027-03-01`. */
  readonly today: string;
  /** Whether a case that does not apply counts as not conformant. */
  readonly expectAll: boolean;
}
export type GateLevel = 'must' | 'should';

type Outcome = Pick<CaseResult, 'verdict' | 'signature' | 'observation'>;

export const standingOf = (result: CaseResult, expectation: Expectation): Standing => {
  const { entry, baselined, level, today, expectAll } = expectation;
  const outcomes = outcomesOf(result);
  if (outcomes.some(({ verdict }) => verdict === 'error')) return 'error';
  if (outcomes.some(({ verdict }) => verdict === 'not-run')) return 'missing';
  if (result.verdict === 'not-applicable') return !expectAll ? 'as-expected' : baselined ? 'regressed' : 'new-failure';
  if (entry !== undefined && outcomes.every((outcome) => satisfies(outcome, entry)))
    return entry.until !== undefined && entry.until < today ? 'expired' : 'known';
  if (variesBetween(outcomes)) return 'flaky';
  if (result.verdict === 'inconclusive') return 'inconclusive';
  if (entry !== undefined) return deviation(result, entry, level);
  if (conforms(result.verdict, level)) return 'as-expected';
  return baselined ? 'regressed' : 'new-failure';
};

/** Every attempt; an attempt records no observation. */
const outcomesOf = (result: CaseResult): readonly (Outcome | Attempt)[] => result.attempts ?? [result];

/** Whether the attempts at a case differ. */
export const variesBetween = (outcomes: readonly (Outcome | Attempt)[]): boolean =>
  new Set(outcomes.map(({ verdict, signature }) => `${verdict}\n${signature ?? ''}`)).size > 1;

/** Whether an outcome is exactly what the entry says; a crash never satisfies an expected mismatch. */
const satisfies = (outcome: Outcome | Attempt, entry: BaselineEntry): boolean => {
  if (entry.expect === 'flaky') return entry.among?.some((verdict) => verdict === outcome.verdict) ?? false;
  if (outcome.verdict !== entry.expect) return false;
  switch (entry.expect) {
    case 'fail':
    case 'nonstrict':
    case 'inconclusive':
      return hasSignature(entry, outcome);
    case 'info':
      return 'observation' in outcome && outcome.observation === entry.observation;
    case 'unsupported':
      return true;
  }
};

/** The signature of an entry, without the number of the step with which those from before version 0.2 begin. */
export const signaturesOf = ({ cause, signature }: Pick<BaselineEntry, 'cause' | 'signature'>): readonly string[] =>
  [cause ?? signature ?? []].flat().map(withoutStep);

const hasSignature = (entry: BaselineEntry, { signature }: Outcome | Attempt): boolean =>
  signature !== undefined && signaturesOf(entry).includes(withoutStep(signature));

/** Whether a result has the cause of an entry, in at least one attempt. */
export const showsCause = (entry: BaselineEntry, result: CaseResult): boolean =>
  entry.cause !== undefined && outcomesOf(result).some((outcome) => satisfies(outcome, entry));

/** The standing for an unsatisfied entry. */
const deviation = (result: CaseResult, entry: BaselineEntry, level: GateLevel): Standing => {
  const expected = entry.expect === 'flaky' ? worstOf(entry.among ?? []) : entry.expect;
  if (expected === 'info' && (result.verdict === 'info' || result.verdict === 'pass')) return 'observation-changed';
  const difference = badness(result.verdict) - badness(expected);
  if (difference > 0) return 'regressed';
  if (difference < 0 && conforms(result.verdict, level)) return 'fixed';
  return 'changed';
};

const worstOf = (among: readonly Verdict[]): Verdict => [...among].sort((a, b) => badness(b) - badness(a))[0] ?? 'pass';

/** Whether a verdict needs no excuse. */
const conforms = (verdict: Verdict, level: GateLevel): boolean => {
  switch (verdict) {
    case 'pass':
    case 'info':
    case 'not-applicable':
      return true;
    case 'nonstrict':
      return level === 'must';
    case 'inconclusive':
    case 'unsupported':
    case 'fail':
    case 'not-run':
    case 'error':
      return false;
  }
};
