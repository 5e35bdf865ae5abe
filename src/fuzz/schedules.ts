/**
 * Random orders of arrival between two hosts of the reference, with more losses and duplicates than an exhaustive search
 * can cover.
 */
import { Exploration } from '../explore/exploration.js';
import { establishmentProfiles } from '../reference/contract.js';
import type { Hunt } from './hunt.js';

const bounds = { paths: 2, losses: 3, duplicates: 2, expiries: 8, talk: true } as const;
const walks = 300;
/** Walks between two looks at the rest. */
const stride = walks * 20;

const huntThrough = (profile: string): Hunt => {
  const seedOf = (seed: string, batch: number): string => `${seed}/${batch}`;
  return {
    name: `schedules-${profile}`,
    promises: `whatever is lost, late or doubled, two hosts of ${profile} keep every invariant`,
    batch: walks,
    tryBatch: async (seed, batch) => {
      const exploration = new Exploration({ profile, ...bounds, random: walks, seed: seedOf(seed, batch) });
      while (exploration.advance(stride));
      return exploration.report().violations.map(({ invariant, what, schedule }, at) => ({
        at,
        what: `${invariant}: ${what} (${schedule.join(', ')})`,
      }));
    },
    again: (seed, batch) =>
      `explore ${profile} --losses ${bounds.losses} --duplicates ${bounds.duplicates} --talk --random ${walks} --seed ${seedOf(seed, batch)}`,
  };
};

export const scheduleHunts: readonly Hunt[] = establishmentProfiles.map(huntThrough);
