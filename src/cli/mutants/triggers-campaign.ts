/** `robe mutants --triggers` as a campaign: a unit is a mutant, tried with every trigger. */
import { z } from 'zod';
import { mutantSubjects } from '../../iut/mutant-subject.js';
import type { TriggerRow } from '../../run/matrix/trigger-trial.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { Campaign } from '../campaign/campaign.js';
import { type Means, noMeans } from '../variants/variants-campaign.js';
import { triggerLines, triggersJson } from './trigger-lines.js';

/** What decides what comes out. */
export const mutantsRequest = z.object({
  /** Ids of the mutants. */
  mutants: z.array(z.string()),
  /** Patterns of the cases, none means all; where they are, none means the bundled ones; and what they are. */
  wanted: z.array(z.string()),
  places: z.array(z.string()),
  catalogue: z.string(),
  seed: z.string(),
});
export type MutantsRequest = z.infer<typeof mutantsRequest>;

const row: z.ZodType<readonly TriggerRow[]> = z.array(
  z
    .object({
      mutant: z.string(),
      trigger: z.string(),
      fires: z.boolean(),
      noticedBy: z.string().optional(),
      citedBy: z.string().optional(),
      seenIn: z.string().optional(),
    })
    .transform(({ noticedBy, citedBy, seenIn, ...rest }) => ({
      ...rest,
      ...(noticedBy === undefined ? {} : { noticedBy }),
      ...(citedBy === undefined ? {} : { citedBy }),
      ...(seenIn === undefined ? {} : { seenIn }),
    })),
);

export const triggersCampaign = (request: MutantsRequest, means?: Means): Campaign<readonly TriggerRow[]> => {
  const suspects = new Map(mutantSubjects().map((suspect) => [suspect.id, suspect]));
  return {
    kind: 'mutants --triggers',
    request,
    units: request.mutants,
    atOnce: request.mutants.length,
    row,
    work: async (unit) => {
      const { cases, pool } = means ?? noMeans();
      const suspect = suspects.get(unit);
      if (suspect === undefined) throw new Error(`there is no mutant ${unit}`);
      const own = cases.filter(
        (each) => suspect.roles.includes(each.role) && applies(each, suspect.reference.claims).applies,
      );
      return pool.confine(unit, own);
    },
    head: [],
    lines: () => [],
    conclude: async (found) => {
      const rows = found.flat();
      return { lines: [...triggerLines(rows)], json: triggersJson(rows), red: false };
    },
    close: async () => means?.pool.close(),
  };
};
