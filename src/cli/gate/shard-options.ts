/** `--shard 2/8`: one part of the selected cases, and the record by which a merge knows it again. */
import type { Argv } from 'yargs';
import { parseShard, planDigest, type Shard, takeShard } from '../../suite/catalogue/shard.js';
import type { ShardRecord } from '../../suite/verdict/results.js';
import { refuseRepeated } from '../once.js';
import { UsageError } from '../run/run-request.js';

export interface ShardArguments {
  readonly shard?: string | undefined;
}

export const withShard = <T>(yargs: Argv<T>): Argv<T & ShardArguments> =>
  yargs
    .option('shard', {
      type: 'string',
      requiresArg: true,
      describe: 'Run one part of the selection, as 2/8; `robe merge` puts the parts together',
    })
    .check(refuseRepeated('shard'));

/** Throws a UsageError for what is not a shard. */
export function shardOf({ shard }: ShardArguments): Shard | undefined {
  if (shard === undefined) return undefined;
  const parsed = parseShard(shard);
  if ('problem' in parsed) throw new UsageError([`--shard: ${parsed.problem}`]);
  return parsed;
}

/** The cases of a shard and what `results.run.shard` says of it. A shard without any case is refused. */
export function dealShard<T extends { readonly id: string }>(
  plan: readonly T[],
  shard: Shard,
): { readonly cases: readonly T[]; readonly record: ShardRecord } {
  const cases = takeShard(plan, shard);
  if (cases.length === 0)
    throw new UsageError([
      `--shard ${shard.index}/${shard.of} is empty: only ${plan.length} cases are selected; use at most ${plan.length} shards`,
    ]);
  return { cases, record: { ...shard, plan: planDigest(plan) } };
}
