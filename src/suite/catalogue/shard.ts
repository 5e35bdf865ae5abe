/**
 * Sharding: distributes a plan over several runs. Members are assigned in order of cost, the most expensive first, always
 * to the part with the least cost so far, equals in the order of their ids. So parts of members with equal cost differ by
 * at most one, expansions of one case are spread, and every machine computes the same parts in whatever order the files
 * were read. Every shard contains the digest of the whole plan, by which a merge detects shards of different plans and
 * missing cases.
 *
 * Alternative considered: dealing by a hash of the id. It keeps a case in its shard when others are added, which has no
 * use, and gives parts of unequal size, which delays the merge.
 */
import { digest } from '../../protocol/keys/hash.js';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** Reads `2/8`; otherwise gives a sentence that says what is wrong. */
export function parseShard(text: string): Shard | { readonly problem: string } {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === undefined || of === undefined)
    return { problem: `a shard is written as 2/8, the second of eight; got ${JSON.stringify(text)}` };
  if (shard.of < 1 || shard.index < 1 || shard.index > shard.of)
    return { problem: `a shard is counted from 1: expected 1/${of} to ${of}/${of}, got ${text}` };
  return shard;
}

/**
 * The members of the plan that belong to the shard, in the order given; with more shards than members some are empty.
 * `costOf`: the relative work of a member, 1 if unknown.
 */
export function takeShard<T extends { readonly id: string }>(
  plan: readonly T[],
  { index, of }: Shard,
  costOf: (member: T) => number = () => 1,
): readonly T[] {
  const costs = new Map(plan.map((member) => [member.id, costOf(member)]));
  const dearestFirst = [...costs].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  const loads = new Array<number>(of).fill(0);
  const own = new Set<string>();
  for (const [id, cost] of dearestFirst) {
    const part = loads.indexOf(Math.min(...loads));
    loads[part] = (loads[part] ?? 0) + cost;
    if (part === index - 1) own.add(id);
  }
  return plan.filter(({ id }) => own.has(id));
}

/** Names a plan by the set of its ids. */
export const planDigest = (plan: readonly { readonly id: string }[]): string =>
  Buffer.from(digest('sha256', Buffer.from(distinctIds(plan).join('\n'), 'utf8'))).toString('hex');

const distinctIds = (plan: readonly { readonly id: string }[]): readonly string[] =>
  [...new Set(plan.map(({ id }) => id))].sort();
