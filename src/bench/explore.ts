/**
 * How fast orders of arrival are tried: states, arrivals of segments in them, and the schedules that these stand for, on one
 * core. An arrival is one segment given to one end in one state, counted once however many schedules it is in; what is asked
 * of the hosts again to bring them back into a state is counted apart.
 */
import { parsePair, usualWaits } from '../explore/end-name.js';
import { Search } from '../explore/search.js';
import { calm, World } from '../explore/world.js';
import { timed } from './stopwatch.js';

interface Load {
  readonly profile: string;
  readonly paths: number;
  readonly losses: number;
  readonly duplicates: number;
}

const loads: readonly Load[] = [
  { profile: 'robe-downgrade', paths: 3, losses: 0, duplicates: 0 },
  { profile: 'robe-bbm', paths: 2, losses: 1, duplicates: 1 },
  { profile: 'robe-esim', paths: 3, losses: 1, duplicates: 1 },
  { profile: 'robe-sim', paths: 3, losses: 1, duplicates: 1 },
];

/** Measures, prints and returns arrivals a second of the largest search. */
export const benchExplore = async (print: (line: string) => void = console.log): Promise<number> => {
  let perSecond = 0;
  for (const { profile, paths, losses, duplicates } of loads) {
    const pair = parsePair({ profile, paths, seed: 'bench' });
    const bounds = { ...calm, losses, duplicates, expiries: 8, waits: usualWaits(pair) };
    const world = new World(pair, bounds);
    const search = new Search(world);
    const seconds = await timed(() => {
      search.begin();
      while (search.advance(10_000));
    });
    const { states, arrivals, orders, segments } = search.tally;
    const asked = world.client.hosts.asked + world.server.hosts.asked;
    perSecond = arrivals / seconds;
    print(
      `${profile}, ${paths} paths, ${losses} loss, ${duplicates} duplicate: ${states} states and ${arrivals} arrivals in ` +
        `${seconds.toFixed(2)} s, ${Math.round(states / seconds)} and ${Math.round(perSecond)} a second; they stand for ` +
        `${orders} schedules of ${segments?.least} to ${segments?.most} segments, ` +
        `${Math.round(Number(orders) / seconds)} a second; hosts were given ${asked} inputs`,
    );
  }
  return perSecond;
};
