/**
 * The kind of one finding, in the protocol's words, without positions and numbers: the same defect has the same signature
 * in any case and at any step.
 *
 * | form | of |
 * |---|---|
 * | `mismatch/SYN-ACK.mp_join.hmac` | a field of a segment that came |
 * | `missing/SYN-ACK after SYN+mp_join`, `unexpected/RST after DATA+dss`, `mismatch/SYN after connect` | a segment that
 * did not come, came unexpected, or came in place of another; with the tester's last action |
 * | `rule/mismatch/data-ack-covered` | a rule of the book, by its name |
 */
import type { FailureClass, RankedVerdict } from './verdict.js';

/** The fields of a finding that make its signature. */
interface Signed {
  readonly verdict: RankedVerdict;
  readonly class?: FailureClass | undefined;
  readonly subject: string;
  readonly rule?: string | undefined;
  readonly after?: string | undefined;
}

export function signatureOf(finding: Signed): string {
  const { rule, verdict, subject, after } = finding;
  const kind = finding.class ?? verdict;
  if (rule !== undefined) return `rule/${kind}/${rule}`;
  const ofWhole = after !== undefined && !subject.includes('.');
  return `${kind}/${subject}${ofWhole ? ` after ${after}` : ''}`;
}

/** Before version 0.2 signatures began with the number of the step. */
export const withoutStep = (signature: string): string => signature.replace(/^(?:step-[^/]+)\//, '');
