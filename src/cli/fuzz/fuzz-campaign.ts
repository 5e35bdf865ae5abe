/** `robe fuzz` as a campaign: a unit is one batch of one hunt. */
import { z } from 'zod';
import type { Find, Hunt } from '../../fuzz/hunt.js';
import { hunts } from '../../fuzz/hunts.js';
import { printable } from '../../protocol/bytes/printable.js';
import type { Campaign } from '../campaign/campaign.js';

/** What decides what comes out. */
export const fuzzRequest = z.object({
  /** Names of the hunts. */
  hunts: z.array(z.string()),
  /** Batches of each. */
  rounds: z.int(),
  seed: z.string(),
});
export type FuzzRequest = z.infer<typeof fuzzRequest>;

const row = z.array(z.object({ at: z.int(), what: z.string() }));
type Row = readonly Find[];

/** Listed of one batch; the rest is counted. */
const mostListed = 5;
const longestText = 400;

const huntNamed = (name: string): Hunt => {
  const hunt = hunts.find((each) => each.name === name);
  if (hunt === undefined) throw new Error(`there is no hunt ${name}`);
  return hunt;
};

const unitOf = (hunt: string, batch: number): string => `${hunt}/${batch}`;
const placeOf = (unit: string): { readonly hunt: Hunt; readonly batch: number } => {
  const [name = '', batch = ''] = unit.split('/');
  return { hunt: huntNamed(name), batch: Number(batch) };
};

export const fuzzCampaign = (request: FuzzRequest): Campaign<Row> => {
  const { seed, rounds } = request;
  const units = Array.from({ length: rounds }, (_, batch) => request.hunts.map((name) => unitOf(name, batch))).flat();
  const told = (unit: string, find: Find) => {
    const { hunt, batch } = placeOf(unit);
    return { hunt: hunt.name, batch, at: find.at, what: find.what, again: `robe ${hunt.again(seed, batch, find)}` };
  };
  return {
    kind: 'fuzz',
    request,
    units,
    atOnce: 1,
    row,
    work: async (unit) => {
      const { hunt, batch } = placeOf(unit);
      return hunt.tryBatch(seed, batch);
    },
    head: [],
    lines: (unit, finds) => [
      ...finds.slice(0, mostListed).flatMap((find) => {
        const { what, again } = told(unit, find);
        return [`FOUND ${unit}: ${printable(what, longestText)}`, `  again  ${again}`];
      }),
      ...(finds.length > mostListed ? [`  and ${finds.length - mostListed} more in ${unit}`] : []),
    ],
    conclude: async (found) => {
      const rows = found.map((finds, index) => ({ unit: units[index] ?? '', finds }));
      const summaries = request.hunts.map((name) => {
        const { batch, promises } = huntNamed(name);
        const own = rows.filter(({ unit }) => placeOf(unit).hunt.name === name);
        return { hunt: name, promises, tries: own.length * batch, finds: own.flatMap(({ finds }) => finds).length };
      });
      const width = Math.max(...summaries.map(({ hunt }) => hunt.length));
      return {
        lines: summaries.map(
          ({ hunt, promises, tries, finds }) =>
            `${hunt.padEnd(width)}  ${tries} tries, ${finds === 0 ? 'nothing found' : `${finds} found`}: ${promises}`,
        ),
        json: {
          seed,
          hunts: summaries,
          finds: rows.flatMap(({ unit, finds }) => finds.map((find) => told(unit, find))),
        },
        red: rows.some(({ finds }) => finds.length > 0),
      };
    },
    close: async () => {},
  };
};
