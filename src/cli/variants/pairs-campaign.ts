/** `robe variants --pairs` as a campaign: a unit is a row of many variants. */
import { z } from 'zod';
import { tryRow } from '../../run/matrix/variant-rows.js';
import { pairRows, pairsIn } from '../../variants/all-pairs.js';
import type { Campaign } from '../campaign/campaign.js';
import { trialShape } from '../campaign/trial-shape.js';
import { membersInTurn } from './members-in-turn.js';
import { pairsJson, pairsLine, quarrelLine } from './pair-lines.js';
import { type Means, noMeans, type VariantsRequest, variantNamed } from './variants-campaign.js';

/** Rows under way at a time: enough that no thread waits. */
const rowsAtOnce = 4;

const row = z.object({
  tried: z.int(),
  differing: z.int(),
  quarrels: z.array(z.object({ variants: z.array(z.string()), trial: trialShape })),
});

export const pairsCampaign = (request: VariantsRequest, means?: Means): Campaign<z.infer<typeof row>> => {
  const rows = pairRows(request.variants.map(variantNamed));
  const units = rows.map((_, turn) => `row-${turn + 1}`);
  const outcomeOf = ({ quarrels, ...counts }: z.infer<typeof row>) => ({
    ...counts,
    quarrels: quarrels.map(({ variants, trial }) => ({ variants: variants.map(variantNamed), trial })),
  });
  return {
    kind: 'variants --pairs',
    request,
    units,
    atOnce: rowsAtOnce,
    row,
    work: async (unit) => {
      const { cases, pool } = means ?? noMeans();
      const turn = units.indexOf(unit);
      const { tried, differing, quarrels } = await tryRow(
        rows[turn] ?? [],
        membersInTurn(cases, turn),
        (subject, each) => pool.compare(subject, each),
      );
      return {
        tried,
        differing,
        quarrels: quarrels.map(({ variants, trial }) => ({ variants: variants.map(({ id }) => id), trial })),
      };
    },
    head: [],
    lines: (_, found) => outcomeOf(found).quarrels.map(quarrelLine),
    conclude: async (found) => {
      const outcomes = found.map(outcomeOf);
      const pairs = pairsIn(rows);
      return {
        lines: [pairsLine(pairs, rows.length, outcomes)],
        json: pairsJson(pairs, rows.length, outcomes),
        red: outcomes.some(({ quarrels }) => quarrels.length > 0),
      };
    },
    close: async () => means?.pool.close(),
  };
};
