/**
 * Sharding: which part of a plan one of several runs takes. The cases are counted through in the order of their ids, so
 * the parts differ by one case at most, expansions of one case are spread, and every machine comes to the same parts
 * whatever order the files were read in. Every shard carries the digest of the whole plan, by which a merge notices that
 * shards of different plans were put together, or that cases are missing.
 *
 * Alternative considered: dealing by a hash of the id. It keeps a case in its shard when others are added, which nobody
 * needs, and leaves parts of unequal size, which everybody waits for.
 */
import { digest } from '../../protocol/keys/hash.js';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** Reads `2/8`; the sentence says what is wrong with anything else. */
export function parseShard(text: string): Shard | { readonly problem: string } {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (index === undefined || of === undefined)
    return { problem: `a shard is written as 2/8, the second of eight; got ${JSON.stringify(text)}` };
  if (shard.of < 1 || shard.index < 1 || shard.index > shard.of)
    return { problem: `a shard is counted from 1: expected 1/${of} to ${of}/${of}, got ${text}` };
  return shard;
}

/** The members of the plan that belong to the shard, in the order given; with more shards than cases some are empty. */
export function takeShard<T extends { readonly id: string }>(plan: readonly T[], { index, of }: Shard): readonly T[] {
  const sorted = distinctIds(plan);
  const own = new Set(sorted.filter((_, position) => position % of === index - 1));
  return plan.filter(({ id }) => own.has(id));
}

/** Names a plan by the set of its ids. */
export const planDigest = (plan: readonly { readonly id: string }[]): string =>
  Buffer.from(digest('sha256', Buffer.from(distinctIds(plan).join('\n'), 'utf8'))).toString('hex');

const distinctIds = (plan: readonly { readonly id: string }[]): readonly string[] =>
  [...new Set(plan.map(({ id }) => id))].sort();
