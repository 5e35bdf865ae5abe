/**
 * What went wrong in one finding, in the protocol's words, without positions and numbers: the same defect has the same
 * signature in whatever case and at whatever step it shows.
 *
 * | form | of |
 * |---|---|
 * | `mismatch/SYN-ACK.mp_join.hmac` | a field of a segment that came |
 * | `missing/SYN-ACK after SYN+mp_join`, `unexpected/RST after DATA+dss`, `mismatch/SYN after connect` | a segment that did not come, came uncalled, or came in place of another; with what the tester did last |
 * | `rule/mismatch/data-ack-covered` | a rule of the book, by its name |
 */
import type { FailureClass, RankedVerdict } from './verdict.js';

/** What of a finding its signature is made of. */
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

/** Signatures of before 0.2 began with the number of the step. */
export const withoutStep = (signature: string): string => signature.replace(/^(?:step-[^/]+)\//, '');
