/** What happens when a case has its verdict: evidence is kept if it is not green, and the result refers to it. */
import { type EvidenceEnvironment, writeEvidence } from '../../report/evidence.js';
import type { Driven } from '../../run/drive-case.js';
import { noVerdict, resultOf } from '../../run/result.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { reason } from './run-directory.js';

export interface Recording {
  readonly subject: string;
  readonly environment: EvidenceEnvironment;
  /** Whether cases that came out green leave evidence too. */
  readonly keep: 'red' | 'all';
  /** Where a case's evidence goes: for writing, and as results name it. */
  evidenceOf(result: CaseResult): { readonly path: string; readonly name: string };
  /** The command that repeats a case. */
  repeat(id: string): readonly string[];
}

const green: ReadonlySet<CaseResult['verdict']> = new Set(['pass', 'info', 'nonstrict']);

export const isRed = ({ verdict }: Pick<CaseResult, 'verdict'>): boolean =>
  !green.has(verdict) && verdict !== 'not-applicable';

/** Evidence that cannot be kept makes the verdict an error: nobody could check it. */
export const recordCase = (each: ExpandedCase, plan: Plan, driven: Driven, recording: Recording): CaseResult => {
  const result = resultOf(recording.subject, each, driven);
  if (recording.keep === 'red' && !isRed(result)) return result;
  const { path, name } = recording.evidenceOf(result);
  try {
    writeEvidence(path, {
      plan,
      result: { ...result, evidence: name },
      trace: driven.trace,
      environment: recording.environment,
      command: recording.repeat(each.id),
    });
    return { ...result, evidence: name };
  } catch (cause) {
    return noVerdict(
      recording.subject,
      each,
      `its evidence could not be kept (${reason(cause)}); it was ${result.verdict}: ${result.sentence}`,
    );
  }
};
