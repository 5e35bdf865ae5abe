/**
 * Merges the results of all shards of a plan. The merge equals the results of one run of the whole plan, in the order of
 * subjects and ids, with the duration of the longest shard, as shards run in parallel. A shard that is missing,
 * duplicate, or of another plan is refused: an incomplete merge must not look like success.
 */
import { planDigest } from '../suite/catalogue/shard.js';
import { type CaseResult, type Results, type SubjectRecord, totalsOf } from '../suite/verdict/results.js';
import { keyOf } from './read-results.js';

export interface ShardResults {
  /** Its file, for messages. */
  readonly file: string;
  /** Path from the directory of the merged results to that of these: a prefix for paths of evidence. */
  readonly prefix: string;
  readonly results: Results;
}

export type Merge =
  | { readonly merged: Results }
  /** The shards do not make up the plan, or are not of one plan. */
  | { readonly problems: readonly string[] };

export const mergeShards = (shards: readonly ShardResults[]): Merge => {
  const [first] = shards;
  if (first === undefined) return { problems: ['there is nothing to merge'] };
  const mixed = shards.flatMap((shard) => strangenessOf(shard, first));
  if (mixed.length > 0) return { problems: mixed };
  const gaps = gapsOf(shards, first);
  if (gaps.length > 0) return { problems: gaps };
  return { merged: put(shards, first) };
};

/** Why a shard cannot be of the same plan as the first one. */
const strangenessOf = ({ file, results: { run } }: ShardResults, first: ShardResults): readonly string[] => {
  const { shard } = run;
  if (shard === undefined) return [`${file}: not a shard: it was run without --shard`];
  const whole = first.results.run;
  const problems: string[] = [];
  const say = (what: string, own: string | number, other: string | number) =>
    problems.push(`${file}: ${what} ${own}, but ${other} in ${first.file}`);
  if (shard.of !== whole.shard?.of) say('shards in all', shard.of, whole.shard?.of ?? 'none');
  else if (shard.plan !== whole.shard.plan) say('other cases were planned: plan', shard.plan, whole.shard.plan);
  if (run.tool !== whole.tool) say('made by', run.tool, whole.tool);
  return problems;
};

/** Cases that are missing from the plan, or occur more than once. */
const gapsOf = (shards: readonly ShardResults[], first: ShardResults): readonly string[] => {
  const { of, plan } = first.results.run.shard ?? { of: 0, plan: '' };
  const problems: string[] = [];
  for (let index = 1; index <= of; index++) {
    const holders = shards.filter(({ results }) => results.run.shard?.index === index);
    if (holders.length === 0) problems.push(`shard ${index}/${of} is missing`);
    if (holders.length > 1)
      problems.push(
        `shard ${index}/${of} is there ${holders.length} times: ${holders.map(({ file }) => file).join(', ')}`,
      );
  }
  if (problems.length > 0) return problems;
  const seen = new Map<string, string>();
  for (const { file, results } of shards) {
    for (const result of results.cases) {
      const before = seen.get(keyOf(result));
      if (before !== undefined) problems.push(`${result.id} of ${result.subject} is in ${before} and in ${file}`);
      seen.set(keyOf(result), file);
    }
  }
  if (planDigest(shards.flatMap(({ results }) => results.cases)) !== plan)
    problems.push('the shards together do not hold the cases that were planned');
  return problems;
};

const put = (shards: readonly ShardResults[], { results: first }: ShardResults): Results => {
  const all = shards.map(({ results }) => results);
  const subjects = mergeSubjects(all);
  const rank = new Map(subjects.map(({ name }, index) => [name, index]));
  const cases = shards
    .flatMap(({ prefix, results }) => results.cases.map((each) => relocate(each, prefix)))
    .sort((a, b) => (rank.get(a.subject) ?? 0) - (rank.get(b.subject) ?? 0) || (a.id < b.id ? -1 : 1));
  const { shard: _, problem: __, ...run } = first.run;
  const problems = [...new Set(all.flatMap((each) => each.run.problem ?? []))];
  const selfReports = all.flatMap((each) => each.run.selfReports ?? []);
  return {
    ...first,
    run: {
      ...run,
      seed: [...new Set(all.map((each) => each.run.seed))].join(' '),
      began: all.map((each) => each.run.began).sort()[0] ?? run.began,
      duration: Math.max(...all.map((each) => each.run.duration)),
      complete: all.every((each) => each.run.complete),
      interrupted: all.some((each) => each.run.interrupted),
      ...(problems.length === 0 ? {} : { problem: problems.join('; ') }),
      warnings: [...new Set(all.flatMap((each) => each.run.warnings))],
      ...(selfReports.length === 0 ? {} : { selfReports }),
    },
    subjects: [...subjects],
    totals: totalsOf(cases),
    cases,
  };
};

/** Every subject once, with what each shard measured of it. */
const mergeSubjects = (all: readonly Results[]): readonly SubjectRecord[] => {
  const subjects = new Map<string, SubjectRecord>();
  for (const subject of all.flatMap((each) => each.subjects)) {
    const before = subjects.get(subject.name);
    subjects.set(subject.name, { ...subject, facts: { ...subject.facts, ...before?.facts } });
  }
  return [...subjects.values()];
};

const relocate = (result: CaseResult, prefix: string): CaseResult => ({
  ...result,
  ...(result.evidence === undefined ? {} : { evidence: join(prefix, result.evidence) }),
  ...(result.attempts === undefined
    ? {}
    : {
        attempts: result.attempts.map((each) => ({
          ...each,
          ...(each.evidence === undefined ? {} : { evidence: join(prefix, each.evidence) }),
        })),
      }),
});

const join = (prefix: string, path: string): string => (prefix === '' ? path : `${prefix}/${path}`);
