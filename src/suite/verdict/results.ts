/**
 * The results of a run: the contents of `results.json`, from which (with the traces) every report is made. The schema
 * below is the format's definition; `cases/schema/results.schema.json` is generated from it.
 *
 * `format` is raised if a reader of the old form would be misled. Durations are milliseconds with fractions, times of day
 * are ISO 8601 in UTC. A result is identified by `subject` and `id` together: one run may judge several subjects (every
 * profile of the reference), and each case is then listed once for each subject it was run on. A case that applies to
 * none of them is listed once, as not applicable to the first. Totals count exactly the listed cases.
 */
import { z } from 'zod';
import { reviewStatuses } from '../catalogue/claims-review.js';
import { type Deed, type Difference, type Finding, facets, type Judgement, ranked, type Verdict } from './verdict.js';

export const resultsFormat = 1;

/** Every verdict a result can have, the worst last among those that were judged. */
export const verdicts = [...ranked, 'not-applicable', 'unsupported', 'not-run'] as const satisfies readonly Verdict[];

const facetSchema = z.enum(facets);
const rankedSchema = z.enum(ranked);

const differenceSchema = z.object({
  field: z.string(),
  expected: z.string(),
  got: z.string(),
  computed: z
    .object({
      expression: z.string(),
      inputs: z.array(z.object({ name: z.string(), value: z.string() })),
    })
    .optional()
    .describe('Where the expected value was computed: the expression, and what its names stood for.'),
  named: z.string().optional().describe('What the case calls the value that came.'),
  likely: z.array(z.string()).optional().describe('The wrong computations that give the value that came.'),
});

const findingSchema = z.object({
  facet: facetSchema,
  verdict: rankedSchema,
  class: z.enum(['mismatch', 'missing', 'unexpected', 'timing', 'crash', 'hang']).optional(),
  step: z.string(),
  subject: z.string(),
  sentence: z.string(),
  observation: z.int().nonnegative().optional().describe('Index into the trace of the guilty observation.'),
  differences: z.array(differenceSchema).optional(),
  awaited: z
    .array(z.object({ flow: z.string(), path: z.int(), segment: z.string() }))
    .optional()
    .describe('What was waited for and did not come.'),
  right: z
    .array(z.string())
    .optional()
    .describe('Everything that would have been right, where the step leaves a choice.'),
  rule: z.string().optional().describe('The rule of the book that is broken, where it was not the case that found it.'),
  requirements: z
    .array(z.string())
    .optional()
    .describe('The sentences that are broken: of the rule, of the step or fragment, or of the field that is wrong.'),
  ordinarily: z
    .string()
    .optional()
    .describe('The sentence that segment or field obeys in ordinary circumstances, where the case asks for others.'),
  setUp: z
    .literal(true)
    .optional()
    .describe('The case had not come to its own steps: it failed at what a fragment sets up.'),
  after: z.string().optional().describe('What the tester did last before, in words without numbers.'),
  trail: z
    .array(
      z.object({
        did: z.string(),
        here: z.boolean().optional().describe('Whether on a flow of the step under way.'),
        fields: z.array(z.string()).optional().describe('Header fields that the case gives itself.'),
      }),
    )
    .optional()
    .describe('Everything that the tester did before, in words without numbers.'),
  point: z.string().optional().describe('Equal where the tester did the same before, to the values.'),
  place: z
    .object({ file: z.string(), line: z.int(), column: z.int() })
    .optional()
    .describe('Where the step is written.'),
});

/** One attempt of a case that was run several times. */
export const attempt = z.object({
  verdict: z.enum(verdicts),
  class: findingSchema.shape.class,
  signature: z.string().optional(),
  sentence: z.string(),
  duration: z.number().nonnegative().describe('Milliseconds, as for the case.'),
  evidence: z.string().optional().describe('Directory of the trace of this attempt, relative to results.json.'),
});
export type Attempt = z.infer<typeof attempt>;

export const caseResult = z.object({
  id: z.string(),
  subject: z.string().describe('The implementation it was run on, by the name in `subjects`.'),
  title: z.string(),
  version: z.int().describe('Version of the case.'),
  role: z.enum(['server', 'client']),
  ip: z.union([z.literal(4), z.literal(6)]),
  requirements: z.array(z.string()),
  verdict: z.enum(verdicts),
  facets: z.partialRecord(facetSchema, rankedSchema),
  class: findingSchema.shape.class,
  signature: z
    .string()
    .optional()
    .describe('What went wrong, without positions and numbers: mismatch/SYN-ACK.mp_join.hmac.'),
  sentence: z.string().describe('Why, in one sentence; for not-applicable and not-run the reason.'),
  observation: z.string().optional().describe('What was seen where the source is silent.'),
  findings: z.array(findingSchema),
  steps: z.int().nonnegative(),
  duration: z.number().nonnegative().describe('Milliseconds on the clock of the run: virtual time for simulated ones.'),
  evidence: z.string().optional().describe('Directory of the trace, relative to results.json.'),
  attempts: z
    .array(attempt)
    .min(2)
    .optional()
    .describe('Where it was run again to confirm: every time in order; everything above is of the worst of them.'),
});
export type CaseResult = z.infer<typeof caseResult>;

const parameterValue = z.union([z.string(), z.number(), z.boolean()]);

export const subjectRecord = z.object({
  name: z.string(),
  time: z.enum(['virtual', 'real']),
  claims: z.object({
    roles: z.array(z.string()),
    versions: z.array(z.number()),
    profiles: z.array(z.string()),
    ip: z.array(z.number()),
    paths: z.int(),
    control: z.int(),
  }),
  parameters: z.record(z.string(), parameterValue),
  implementation: z.string().optional().describe('What the control side calls itself.'),
  review: z
    .array(z.object({ item: z.string(), status: z.enum(reviewStatuses), sentence: z.string() }))
    .optional()
    .describe('Whether the claims fit together: what is unmet contradicts itself, what is limited stays untested.'),
  facts: z.record(z.string(), z.string()).describe('What was measured of the way to it: clocks, capture, addresses.'),
});
export type SubjectRecord = z.infer<typeof subjectRecord>;

/** The part of a plan that was run, if several runs share the plan. */
export const shardRecord = z.object({
  index: z.int().positive().describe('From 1.'),
  of: z.int().positive(),
  plan: z.string().describe('Digest of the ids of the whole plan: the same in every shard of it.'),
});
export type ShardRecord = z.infer<typeof shardRecord>;

export const environmentRecord = z.object({
  machine: z.string(),
  kernel: z.string(),
  node: z.string(),
  processors: z.int(),
});
export type EnvironmentRecord = z.infer<typeof environmentRecord>;

/** A report of an implementation about a fault of its own. */
const selfReportKinds = ['panic', 'oops', 'bug', 'sanitizer', 'lockdep', 'warning', 'leak', 'stall'] as const;

export const selfReport = z.object({
  subject: z.string(),
  kind: z.enum(selfReportKinds),
  title: z.string().describe('Its first line.'),
  cases: z.array(z.string()).describe('Those under which it came when they ran alone.'),
  among: z.int().nonnegative().describe('How many cases were under way when it came first, where none is named.'),
  times: z.int().positive(),
  lines: z.array(z.string()).describe('All of it, as it came the first time.'),
});
export type SelfReport = z.infer<typeof selfReport>;

export const results = z.object({
  format: z.literal(resultsFormat),
  run: z.object({
    id: z.string(),
    tool: z.string().describe('Name and version of the suite.'),
    command: z.array(z.string()),
    seed: z.string(),
    began: z.iso.datetime(),
    duration: z.number().nonnegative(),
    complete: z.boolean().describe('Every selected case has a verdict of its own.'),
    interrupted: z.boolean(),
    problem: z.string().optional().describe('What ended the run early.'),
    shard: shardRecord.optional().describe('Absent: the whole plan.'),
    warnings: z.array(z.string()).describe('What casts doubt on the verdicts below, and why parts were left out.'),
    selfReports: z
      .array(selfReport)
      .optional()
      .describe('What kernels under test reported of themselves: panics, warnings, findings of sanitizers, leaks.'),
  }),
  environment: environmentRecord,
  subjects: z.array(subjectRecord),
  totals: z.partialRecord(z.enum(verdicts), z.int().nonnegative()),
  cases: z.array(caseResult),
});
export type Results = z.infer<typeof results>;

/** The number of results by verdict; verdicts without results are left out. */
export const totalsOf = (cases: readonly Pick<CaseResult, 'verdict'>[]): Results['totals'] => {
  const totals: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of cases) totals[verdict] = (totals[verdict] ?? 0) + 1;
  return totals;
};

/** A finding as it is written: without absent fields. */
const recordFinding = (finding: Finding): CaseResult['findings'][number] => ({
  facet: finding.facet,
  verdict: finding.verdict,
  ...(finding.class === undefined ? {} : { class: finding.class }),
  step: finding.step,
  subject: finding.subject,
  sentence: finding.sentence,
  ...(finding.observation === undefined ? {} : { observation: finding.observation }),
  ...(finding.differences === undefined ? {} : { differences: finding.differences.map(recordDifference) }),
  ...(finding.awaited === undefined ? {} : { awaited: finding.awaited.map((each) => ({ ...each })) }),
  ...(finding.right === undefined ? {} : { right: [...finding.right] }),
  ...(finding.rule === undefined ? {} : { rule: finding.rule }),
  ...(finding.requirements === undefined ? {} : { requirements: [...finding.requirements] }),
  ...(finding.ordinarily === undefined ? {} : { ordinarily: finding.ordinarily }),
  ...(finding.setUp === undefined ? {} : { setUp: true }),
  ...(finding.after === undefined ? {} : { after: finding.after }),
  ...(finding.trail === undefined ? {} : { trail: finding.trail.map(recordDeed) }),
  ...(finding.point === undefined ? {} : { point: finding.point }),
  ...(finding.place === undefined ? {} : { place: { ...finding.place } }),
});

type RecordedDeed = NonNullable<CaseResult['findings'][number]['trail']>[number];

const recordDeed = ({ fields, ...deed }: Deed): RecordedDeed => ({
  ...deed,
  ...(fields === undefined ? {} : { fields: [...fields] }),
});

const recordDifference = ({
  computed,
  ...difference
}: Difference): NonNullable<CaseResult['findings'][number]['differences']>[number] => ({
  ...difference,
  ...(computed === undefined
    ? {}
    : { computed: { expression: computed.expression, inputs: computed.inputs.map((each) => ({ ...each })) } }),
});

/** The part of a result that follows from the judgement. */
export const recordJudgement = (
  judgement: Judgement,
): Pick<CaseResult, 'verdict' | 'facets' | 'class' | 'signature' | 'sentence' | 'observation' | 'findings'> => ({
  verdict: judgement.verdict,
  facets: { ...judgement.facets },
  ...(judgement.class === undefined ? {} : { class: judgement.class }),
  ...(judgement.signature === undefined ? {} : { signature: judgement.signature }),
  sentence: judgement.sentence,
  ...(judgement.observation === undefined ? {} : { observation: judgement.observation }),
  findings: judgement.findings.map(recordFinding),
});
