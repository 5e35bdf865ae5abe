/** The options of `robe explore` as a request, and what is wrong with them. */
import { join } from 'node:path';
import { UsageError } from '../../conduct/usage-error.js';
import { parseEnd, UnknownEnd } from '../../explore/end-name.js';
import type { ExploreRequest } from '../../explore/state-file.js';
import { shardOf } from '../gate/shard-options.js';

export interface ExploreArguments {
  readonly shard?: string | undefined;
  readonly profile?: string | undefined;
  readonly peer?: string | undefined;
  readonly version?: number | undefined;
  readonly paths?: number | undefined;
  readonly losses?: number | undefined;
  readonly duplicates?: number | undefined;
  readonly dead?: number | undefined;
  readonly waits?: number | undefined;
  readonly early?: number | undefined;
  readonly expiries?: number | undefined;
  readonly talk?: boolean | undefined;
  readonly 'talk-late'?: boolean | undefined;
  readonly strict?: boolean | undefined;
  readonly random?: number | undefined;
  readonly seed?: string | undefined;
  readonly 'most-states'?: number | undefined;
  readonly json?: boolean | undefined;
  readonly out?: string | undefined;
  readonly resume?: string | undefined;
  readonly replay?: string | undefined;
}

/** What stands for an option that is not given; nothing is left to yargs, which could not tell it from one that is. */
export const usual = {
  paths: 2,
  losses: 0,
  duplicates: 0,
  expiries: 8,
  seed: '1',
  /** States that take about a gigabyte of memory, and a few minutes. */
  mostStates: 1_000_000,
  out: join('reports', 'explore'),
} as const;

const mostPaths = 4;

const whole = (name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new UsageError([`--${name} must be a whole number ${range}, got ${value}`]);
};

/** Throws a UsageError. `environment`: where the number of a CI job stands. */
export const exploreRequest = (
  given: ExploreArguments,
  environment: Readonly<Record<string, string | undefined>> = {},
): ExploreRequest => {
  const { profile, peer, version, dead, waits, early, random, seed = usual.seed, talk = false, strict } = given;
  if (profile === undefined) throw new UsageError(['name a profile to explore, e.g. robe explore robe-downgrade']);
  for (const name of [profile, ...(peer === undefined ? [] : [peer])]) knownEnd(name);
  if (version !== undefined && version !== 0 && version !== 1) {
    throw new UsageError([`--version must be 0 or 1, got ${version}`]);
  }
  const shard = shardOf(given, environment);
  return {
    profile,
    ...(peer === undefined ? {} : { peer }),
    ...(version === undefined ? {} : { version }),
    paths: whole('paths', given.paths ?? usual.paths, 1, mostPaths),
    losses: whole('losses', given.losses ?? usual.losses, 0),
    duplicates: whole('duplicates', given.duplicates ?? usual.duplicates, 0),
    ...(dead === undefined ? {} : { dead: whole('dead', dead, 0) }),
    ...(waits === undefined ? {} : { waits: whole('waits', waits, 0) }),
    ...(early === undefined ? {} : { early: whole('early', early, 0) }),
    expiries: whole('expiries', given.expiries ?? usual.expiries, 0),
    talk: given['talk-late'] === true ? 'late' : talk,
    ...(strict === undefined ? {} : { strict }),
    seed,
    ...(random === undefined ? {} : { random: whole('random', random, 1) }),
    ...(shard === undefined ? {} : { shard }),
  };
};

/** Throws a UsageError. */
export const mostStatesOf = (given: ExploreArguments): number =>
  whole('most-states', given['most-states'] ?? usual.mostStates, 1);

const knownEnd = (name: string): void => {
  try {
    parseEnd(name);
  } catch (cause) {
    if (cause instanceof UnknownEnd) throw new UsageError([cause.message]);
    throw cause;
  }
};
