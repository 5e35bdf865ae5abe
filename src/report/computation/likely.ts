/**
 * Adds the likely wrong computation of each wrong value to the result, so that every report contains it: the console,
 * `verdict.json`, JUnit, TAP, the page. A value that no reading explains stays as it is.
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
  if (!result.findings.some(mayBeExplained)) return result;
  const context = computationContext(plan, trace);
  const wrong = wrongOnTheWire(plan, trace);
  const explain = (finding: Finding, difference: Difference): Difference => {
    const found =
      explainComputation(difference, context) ??
      wrong.find(({ entry, field }) => entry === finding.observation && field === difference.field)?.computation;
    return found === undefined || found.given.length === 0 ? difference : { ...difference, likely: [...found.given] };
  };
  // A rule states its finding in words; if it is a computed value, the finding also lists it as a field.
  const found = (finding: Finding): readonly Difference[] | undefined =>
    finding.differences ??
    (finding.rule === undefined
      ? undefined
      : wrong
          .filter(({ entry, field }) => entry === finding.observation && isAbout(finding.rule, field))
          .map(({ field, computation: { expected, got } }) => ({ field, expected, got })));
  const findings = result.findings.map((finding) => {
    const differences = found(finding);
    if (differences === undefined || differences.length === 0) return finding;
    return { ...finding, differences: differences.map((each) => explain(finding, each)) };
  });
  return { ...result, findings };
}

/** Rules about a computed value, with the fields that have it. */
const fieldsOfRules: Readonly<Record<string, readonly string[]>> = {
  'join-hmac': ['mp_join.hmac'],
  'add-addr-hmac': ['add_addr.hmac'],
  'dss-checksum': ['dss.checksum', 'mp_capable.checksum'],
};

const isAbout = (rule: string | undefined, field: string): boolean =>
  rule !== undefined && fieldsOfRules[rule]?.includes(field) === true;

const mayBeExplained = ({ rule = '', differences = [] }: Finding): boolean =>
  differences.some(mayBeComputed) || Object.hasOwn(fieldsOfRules, rule);

const mayBeComputed = ({ computed, field }: Difference): boolean =>
  computed !== undefined || /checksum|hmac/.test(field);
