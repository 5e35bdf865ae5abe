/** From cases and what was driven to the entries of the results. Durations become milliseconds here. */
import type { ExpandedCase } from '../suite/language/case.js';
import { type CaseResult, recordJudgement } from '../suite/verdict/results.js';
import type { Driven } from './drive-case.js';
import { erroneous } from './erroneous.js';

const nanosecondsPerMillisecond = 1e6;

/** The fields of a result that come from its case. */
export const describeCase = (subject: string, each: ExpandedCase) => ({
  id: each.id,
  subject,
  title: each.title,
  version: each.version,
  role: each.role,
  ip: each.ip,
  requirements: [...each.requirements],
  steps: each.steps.length,
});

export const resultOf = (subject: string, each: ExpandedCase, { judgement, began, ended }: Driven): CaseResult => ({
  ...describeCase(subject, each),
  ...recordJudgement(judgement),
  duration: Number(ended - began) / nanosecondsPerMillisecond,
});

/** A case that was decided without running, with the reason. */
const undriven = (
  subject: string,
  each: ExpandedCase,
  verdict: 'not-applicable' | 'not-run',
  sentence: string,
): CaseResult => ({ ...describeCase(subject, each), verdict, facets: {}, sentence, findings: [], duration: 0 });

export const notApplicable = (subject: string, each: ExpandedCase, why: string): CaseResult =>
  undriven(subject, each, 'not-applicable', `Not applicable: ${why}.`);

export const notRun = (subject: string, each: ExpandedCase, why: string): CaseResult =>
  undriven(subject, each, 'not-run', `Not run: ${why}.`);

/** A case that should have got a verdict and did not. */
export const noVerdict = (subject: string, each: ExpandedCase, why: string): CaseResult => ({
  ...describeCase(subject, each),
  ...recordJudgement(erroneous(why)),
  duration: 0,
});
