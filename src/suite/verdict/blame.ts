/**
 * Which sentences a finding breaks: not all of its case, but that of the step, fragment, rule or field that is wrong. In
 * this order:
 *
 * 1. what the step or its fragment names;
 * 2. of a computed field (HMAC, checksum, token, sequence number): those of the case's requirements that speak of it, or the rule
 *    that says the same of the guilty segment, or the duty of the field ({@link dutyOf});
 * 3. of the case's own steps: what the case asks;
 * 4. of what a fragment sets up: a rule that says the same of the guilty segment, or the duty of segment or field.
 */
import { dutyOf, fieldOf } from './duties.js';
import { signatureOf } from './signature.js';
import type { Finding } from './verdict.js';

/** The fields of a case that determine the broken sentence. */
export interface BlamedCase {
  readonly requirements: readonly string[];
  readonly role: 'server' | 'client';
  readonly mptcp?: 0 | 1;
  /** Those of the requirements that mention a field, by its name. */
  readonly about?: Readonly<Record<string, readonly string[]>>;
}

/** The findings with the sentences that each breaks; a finding that breaks none names none. */
export function blame(asked: BlamedCase, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => {
    const requirements = finding.requirements ?? blamed(asked, finding, findings);
    if (requirements.length === 0) return finding;
    const duty = requirements === asked.requirements ? dutyIn(asked, finding) : undefined;
    return {
      ...finding,
      requirements,
      ...(duty === undefined || requirements.includes(duty) ? {} : { ordinarily: duty }),
    };
  });
}

const dutyIn = ({ role, mptcp }: BlamedCase, finding: Finding): string | undefined =>
  dutyOf(signatureOf(finding), role, mptcp);

const breaks = ({ verdict }: Finding): boolean => verdict === 'fail' || verdict === 'nonstrict';

function blamed(asked: BlamedCase, finding: Finding, findings: readonly Finding[]): readonly string[] {
  if (!breaks(finding)) return [];
  const isOwn = finding.setUp !== true;
  const field = fieldOf(finding.subject);
  if (isOwn && field === undefined) return asked.requirements;
  const about = isOwn && field !== undefined ? (asked.about?.[field] ?? []) : [];
  if (about.length > 0) return about;
  const rule = ruleOn(finding, findings)?.requirements;
  if (rule !== undefined) return rule;
  const duty = dutyIn(asked, finding);
  if (duty !== undefined) return [duty];
  return isOwn ? asked.requirements : [];
}

/** A rule that is broken by the same segment. */
const ruleOn = ({ observation }: Finding, findings: readonly Finding[]): Finding | undefined =>
  observation === undefined
    ? undefined
    : findings.find((other) => other.rule !== undefined && other.observation === observation && breaks(other));
