/** `robe variants` as a campaign: a unit is a variant. */
import { z } from 'zod';
import { casesFor, tryTogether, type VariantRow } from '../../run/matrix/variant-matrix.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { allVariants } from '../../variants/index.js';
import type { Variant } from '../../variants/variant.js';
import type { Campaign } from '../campaign/campaign.js';
import { trialShape } from '../campaign/trial-shape.js';
import type { JudgingPool } from '../mutants/judging-pool.js';
import { headLine, rowJson, rowLines, summaryLine } from './variant-lines.js';

/** What decides what comes out. */
export const variantsRequest = z.object({
  /** Ids of the variants. */
  variants: z.array(z.string()),
  /** Patterns of the cases, none means all; where they are, none means the bundled ones; and what they are. */
  wanted: z.array(z.string()),
  places: z.array(z.string()),
  catalogue: z.string(),
  seed: z.string(),
  /** With how many cases each unit is tried: parts are dealt by it. */
  weights: z.record(z.string(), z.int()).exactOptional(),
});
export type VariantsRequest = z.infer<typeof variantsRequest>;

/** What the units are done with; a merge has no use for it. */
export interface Means {
  readonly cases: readonly ExpandedCase[];
  readonly pool: Pick<JudgingPool, 'judge' | 'compare' | 'confine' | 'close'>;
}

const row = z.object({
  tried: z.int(),
  differing: z.int(),
  red: z.array(trialShape),
  nonstrict: z.array(trialShape),
});

/** Throws an Error for an id that no variant has. */
export const variantNamed = (id: string): Variant => {
  const found = allVariants.find((variant) => variant.id === id);
  if (found === undefined) throw new Error(`there is no variant ${id}`);
  return found;
};

export const noMeans = (): never => {
  throw new Error('a campaign that was made to be merged does no work');
};

/** With how many cases each of these variants is tried. */
export const weighVariants = (ids: readonly string[], cases: readonly ExpandedCase[]): Record<string, number> =>
  Object.fromEntries(ids.map((id) => [id, casesFor([variantNamed(id)], cases)]));

export const variantsCampaign = (request: VariantsRequest, means?: Means): Campaign<z.infer<typeof row>> => {
  const { variants: units } = request;
  const width = Math.max(...units.map(({ length }) => length));
  const whole = (unit: string, { ...found }: z.infer<typeof row>): VariantRow => ({
    variants: [variantNamed(unit)],
    ...found,
  });
  return {
    kind: 'variants',
    request,
    units,
    cost: (unit) => request.weights?.[unit] ?? 1,
    atOnce: units.length,
    row,
    work: async (unit) => {
      const { cases, pool } = means ?? noMeans();
      const { tried, differing, red, nonstrict } = await tryTogether([variantNamed(unit)], cases, (subject, each) =>
        pool.compare(subject, each),
      );
      return { tried, differing, red: [...red], nonstrict: [...nonstrict] };
    },
    head: [headLine(width)],
    lines: (unit, found) => [...rowLines(whole(unit, found), width)],
    conclude: async (found) => {
      const rows = found.map((each, at) => whole(units[at] ?? '', each));
      return {
        lines: [summaryLine(rows)],
        json: { variants: rows.map(rowJson) },
        red: rows.some(({ red }) => red.length > 0),
      };
    },
    close: async () => means?.pool.close(),
  };
};
