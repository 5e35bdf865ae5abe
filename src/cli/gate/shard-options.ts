/**
 * `--shard 2/8`: one part of the selected cases. `auto/8` takes the number of the part from the job that this is, and `auto`
 * how many there are as well.
 */
import type { Argv } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { parseShard, type Shard } from '../../suite/catalogue/shard.js';
import { refuseRepeated } from '../once.js';

export interface ShardArguments {
  readonly shard?: string | undefined;
}

export const withShard = <T>(yargs: Argv<T>): Argv<T & ShardArguments> =>
  yargs
    .option('shard', {
      type: 'string',
      requiresArg: true,
      describe: 'Do one part of the work, e.g. 2/8, or auto[/8] in a CI job; `robe merge` merges the parts',
    })
    .check(refuseRepeated('shard'));

/** Throws a UsageError for what is not a shard. */
export const shardOf = ({ shard }: ShardArguments, environment: Environment): Shard | undefined => {
  if (shard === undefined) return undefined;
  const parsed = parseShard(numbered(shard, environment));
  if ('problem' in parsed) throw new UsageError([`--shard: ${parsed.problem}`]);
  return parsed;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `auto` as the numbers that a job is given: those of GitLab's parallel jobs, counted from 1, or the index of a Kubernetes
 * Indexed Job, counted from 0, which is not told how many there are.
 */
const numbered = (shard: string, { JOB_COMPLETION_INDEX, CI_NODE_INDEX, CI_NODE_TOTAL }: Environment): string => {
  const [, given] = /^auto(?:\/(\d+))?$/.exec(shard) ?? [shard, shard];
  if (!shard.startsWith('auto')) return shard;
  const index = JOB_COMPLETION_INDEX === undefined ? CI_NODE_INDEX : String(Number(JOB_COMPLETION_INDEX) + 1);
  const of = given === shard ? undefined : (given ?? CI_NODE_TOTAL);
  if (index === undefined)
    throw new UsageError([
      `--shard ${shard}: this job has no number; expected JOB_COMPLETION_INDEX (Kubernetes) or CI_NODE_INDEX (GitLab) to be set, or a shard as 2/8`,
    ]);
  if (of === undefined)
    throw new UsageError([`--shard ${shard}: nobody says how many parts there are; write --shard auto/8`]);
  return `${index}/${of}`;
};
