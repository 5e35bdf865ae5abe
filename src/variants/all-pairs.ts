/**
 * Rows of variants used together, so that every two that can be at a time meet in some row. What a variant is about is a
 * factor; its levels are the variants about it, and the reference as it is. Whether two variants meet in a case is for
 * the case to say: their profiles and roles have to be the same.
 */
import covertable from 'covertable';
import type { Variant } from './variant.js';

/** What stands for the reference as it is. */
const usual = '';

/** The same rows for the same variants. */
export const pairRows = (variants: readonly Variant[]): readonly (readonly Variant[])[] => {
  const byId = new Map(variants.map((variant) => [variant.id, variant]));
  const topics = [...new Set(variants.map(({ about }) => about))];
  const factors = topics.map((topic) => [
    usual,
    ...variants.filter(({ about }) => about === topic).map(({ id }) => id),
  ]);
  if (factors.length < 2) return variants.map((variant) => [variant]);
  const rows: readonly (readonly string[])[] = covertable.make(factors, { criterion: covertable.criteria.simple });
  return rows.map((row) => row.flatMap((id) => byId.get(id) ?? []));
};

const meet = (one: Variant, other: Variant): boolean =>
  one.about !== other.about &&
  one.profiles.some((profile) => other.profiles.includes(profile)) &&
  (one.role === other.role || one.role === 'both' || other.role === 'both');

/** Pairs of variants that are together in some row and have a profile and a role in common. */
export const pairsIn = (rows: readonly (readonly Variant[])[]): number => {
  const pairs = new Set<string>();
  for (const row of rows)
    for (const [index, one] of row.entries())
      for (const other of row.slice(index + 1)) if (meet(one, other)) pairs.add(`${one.id} ${other.id}`);
  return pairs.size;
};
