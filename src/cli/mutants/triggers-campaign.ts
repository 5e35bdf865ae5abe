/** `robe mutants --triggers` as a campaign: a unit is a mutant, tried with every trigger. */
import { z } from 'zod';
import { type MutantSubject, mutantSubjects } from '../../iut/mutant-subject.js';
import type { TriggerRow } from '../../run/matrix/trigger-trial.js';
import { applies } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
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
  /** With how many cases each unit is tried: parts are dealt by it. */
  weights: z.record(z.string(), z.int()).exactOptional(),
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

const suspectsById = (): ReadonlyMap<string, MutantSubject> =>
  new Map(mutantSubjects().map((suspect) => [suspect.id, suspect]));

const casesOf = ({ roles, reference }: MutantSubject, cases: readonly ExpandedCase[]): readonly ExpandedCase[] =>
  cases.filter((each) => roles.includes(each.role) && applies(each, reference.claims).applies);

/** With how many cases each of these mutants is tried. */
export const weighMutants = (ids: readonly string[], cases: readonly ExpandedCase[]): Record<string, number> => {
  const suspects = suspectsById();
  return Object.fromEntries(
    ids.map((id) => {
      const suspect = suspects.get(id);
      return [id, suspect === undefined ? 0 : casesOf(suspect, cases).length];
    }),
  );
};

export const triggersCampaign = (request: MutantsRequest, means?: Means): Campaign<readonly TriggerRow[]> => {
  const suspects = suspectsById();
  return {
    kind: 'mutants --triggers',
    request,
    units: request.mutants,
    cost: (unit) => request.weights?.[unit] ?? 1,
    atOnce: request.mutants.length,
    row,
    work: async (unit) => {
      const { cases, pool } = means ?? noMeans();
      const suspect = suspects.get(unit);
      if (suspect === undefined) throw new Error(`there is no mutant ${unit}`);
      return pool.confine(unit, casesOf(suspect, cases));
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
