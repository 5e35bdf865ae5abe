/** Records a case with its verdict: keeps evidence if it is not green, and refers to it in the result. */
import { withLikely } from '../report/computation/likely.js';
import { writeEvidence } from '../report/evidence.js';
import type { Driven } from '../run/drive-case.js';
import { noVerdict, resultOf } from '../run/result.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { Plan } from '../suite/scenario/plan.js';
import type { CaseResult } from '../suite/verdict/results.js';
import type { EvidenceKeeping } from './evidence-keeping.js';
import { reason } from './failure.js';

const green: ReadonlySet<CaseResult['verdict']> = new Set(['pass', 'info', 'nonstrict']);

export const isRed = ({ verdict }: Pick<CaseResult, 'verdict'>): boolean =>
  !green.has(verdict) && verdict !== 'not-applicable';

/** Evidence that cannot be written makes the verdict an error, since no one could check it. */
export const recordCase = (each: ExpandedCase, plan: Plan, driven: Driven, keeping: EvidenceKeeping): CaseResult => {
  const judged = resultOf(keeping.subject, each, driven);
  if (keeping.keep === 'red' && !isRed(judged)) return judged;
  const result = withLikely(judged, plan, driven.trace);
  const { path, name } = keeping.evidenceOf(result);
  try {
    writeEvidence(path, {
      plan,
      result: { ...result, evidence: name },
      trace: driven.trace,
      environment: keeping.environment,
      command: keeping.repeat(each.id),
    });
    return { ...result, evidence: name };
  } catch (cause) {
    return noVerdict(
      keeping.subject,
      each,
      `its evidence could not be kept (${reason(cause)}); it was ${result.verdict}: ${result.sentence}`,
    );
  }
};
