/** One part of the selected cases, and the record by which a merge recognises it. */
import { planDigest, type Shard, takeShard } from '../suite/catalogue/shard.js';
import { counted } from '../suite/verdict/counted.js';
import type { ShardRecord } from '../suite/verdict/results.js';
import { UsageError } from './usage-error.js';

/** Throws a UsageError for a shard without cases. */
export const dealShard = <T extends { readonly id: string }>(
  plan: readonly T[],
  shard: Shard,
): { readonly cases: readonly T[]; readonly record: ShardRecord } => {
  const cases = takeShard(plan, shard);
  if (cases.length === 0)
    throw new UsageError([
      `--shard ${shard.index}/${shard.of} is empty: the selection has ${counted(plan.length, 'case')}; use at most ${counted(plan.length, 'shard')}`,
    ]);
  return { cases, record: { ...shard, plan: planDigest(plan) } };
};
