/**
 * Settings in which a mutant is tried, those that ask for less before others: fewer paths, less disturbance, a peer of its own kind
 * first. A setting that is too wide to be searched whole is tried by random schedules.
 */
import type { Mutant } from '../mutants/mutant.js';
import type { Trigger } from '../mutants/trigger.js';
import type { EstablishmentProfile } from '../reference/contract.js';
import { parseEnd, usualVersion, usualWaits } from './end-name.js';
import type { Pair, PairEnd, Side } from './pair.js';
import { type Bounds, calm } from './world.js';

export interface Setting {
  readonly paths: number;
  readonly peer?: EstablishmentProfile;
  readonly bounds?: Partial<Bounds>;
  /** So many random schedules in place of all. */
  readonly random?: number;
}

export const settings: readonly Setting[] = [
  { paths: 1 },
  { paths: 2 },
  { paths: 2, bounds: { talk: true } },
  { paths: 2, bounds: { talk: 'late' } },
  { paths: 1, peer: 'mptcp' },
  { paths: 2, peer: 'mptcp' },
  { paths: 1, peer: 'tcp' },
  { paths: 2, peer: 'robe-sim' },
  { paths: 2, bounds: { duplicates: 1 } },
  { paths: 2, bounds: { losses: 1 } },
  { paths: 2, bounds: { dead: 1 } },
  { paths: 2, bounds: { early: 1 } },
  { paths: 2, bounds: { early: 3 } },
  { paths: 3 },
  { paths: 3, bounds: { talk: 'late' } },
  { paths: 3, bounds: { dead: 2 } },
  { paths: 2, bounds: { talk: true, duplicates: 1 } },
  { paths: 2, bounds: { talk: true, losses: 1 } },
  { paths: 2, bounds: { losses: 2 } },
  { paths: 4, random: 60 },
  { paths: 4, bounds: { dead: 3 } },
  { paths: 3, peer: 'mptcp', bounds: { dead: 1 } },
  { paths: 4, bounds: { talk: 'late' }, random: 60 },
];

/** Expiries of timers at rest in one schedule. */
const expiries = 4;

/** What is tried of a mutant. */
export interface Trial {
  readonly mutant: Mutant;
  /** Occasions to which its defect is confined; absent: it shows always. */
  readonly trigger?: Trigger | undefined;
  readonly seed: string;
}

/** The end in whose place a mutant stands. */
export const placeOf = ({ role }: Mutant): Side => (role === 'client' ? 'client' : 'server');

/** The usual version first; TCP has none. */
export const versionsOf = ({ profile, versions }: Mutant): readonly (0 | 1)[] => {
  if (versions !== undefined) return versions;
  const usual = usualVersion(profile);
  return profile === 'tcp' ? [usual] : [usual, usual === 0 ? 1 : 0];
};

export const pairIn = ({ mutant, trigger, seed }: Trial, { paths, peer }: Setting, version: 0 | 1): Pair => {
  const own: PairEnd = { ...parseEnd(`mutant:${mutant.id}`), ...(trigger && { trigger }) };
  const other: PairEnd = {
    ...parseEnd(peer ?? mutant.profile),
    ...(peer === undefined && { parameters: own.parameters }),
  };
  const ends = placeOf(mutant) === 'client' ? { client: own, server: other } : { client: other, server: own };
  return { ...ends, paths, version, seed };
};

export const boundsIn = ({ bounds }: Setting, pair: Pair): Bounds => ({
  ...calm,
  expiries,
  waits: usualWaits(pair),
  ...bounds,
});

/** `2 paths, version 0, losses 1`. */
export const settingInWords = ({ paths, peer, bounds, random }: Setting, version: 0 | 1): string =>
  [
    `${paths} path${paths === 1 ? '' : 's'}`,
    `version ${version}`,
    ...(peer === undefined ? [] : [`peer ${peer}`]),
    ...Object.entries(bounds ?? {}).map(([name, value]) => (value === true ? name : `${name} ${value}`)),
    ...(random === undefined ? [] : [`${random} random schedules`]),
  ].join(', ');
