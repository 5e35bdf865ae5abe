/**
 * The likely wrong computation of each wrong value, put into the result itself, so that whatever reads results says it: the
 * console, `verdict.json`, JUnit, TAP, the page. What no reading explains stays as it is.
 */
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { computationContext } from './context.js';
import { explainComputation } from './explain-computation.js';
import { wrongOnTheWire } from './wire-computations.js';

type Finding = CaseResult['findings'][number];
type Difference = NonNullable<Finding['differences']>[number];

/** The result with `likely` at each difference that some wrong computation gives. */
export function withLikely(result: CaseResult, plan: Plan, trace: Trace): CaseResult {
  if (!result.findings.some(({ differences = [] }) => differences.some(mayBeComputed))) return result;
  const context = computationContext(plan, trace);
  const wrong = wrongOnTheWire(plan, trace);
  const explain = (finding: Finding, difference: Difference): Difference => {
    const found =
      explainComputation(difference, context) ??
      wrong.find(({ entry, field }) => entry === finding.observation && field === difference.field)?.computation;
    return found === undefined || found.given.length === 0 ? difference : { ...difference, likely: [...found.given] };
  };
  const findings = result.findings.map((finding) =>
    finding.differences === undefined
      ? finding
      : { ...finding, differences: finding.differences.map((each) => explain(finding, each)) },
  );
  return { ...result, findings };
}

const mayBeComputed = ({ computed, field }: Difference): boolean =>
  computed !== undefined || /checksum|hmac/.test(field);
