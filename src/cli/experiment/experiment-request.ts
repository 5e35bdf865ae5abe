/** The options of `robe experiment …` as requests, and what is wrong with them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import { parseEnd, UnknownEnd } from '../../explore/end-name.js';
import { firstTimeout, type LawsRequest } from '../../explore/experiments/laws.js';
import type { LossyPart } from '../../explore/experiments/lossy-part.js';
import type { PageLoadRequest } from '../../explore/experiments/page-load.js';
import { usualLinks } from '../../explore/experiments/page-load.js';
import { type PageProfile, parsePages } from '../../explore/experiments/page-profile.js';
import type { ConnectionUse } from '../../explore/experiments/page-visit.js';
import { type RobustnessRequest, usualProfiles } from '../../explore/experiments/robustness.js';
import { kernelEnds } from './live/live-bench.js';
import type { LiveRobustnessRequest } from './live/live-robustness.js';

/** The page profiles that ship with the program. */
const bundledPages = fileURLToPath(new URL('../../../fixtures/pages/pages.yaml', import.meta.url));

const mostPaths = 4;
const longestRtt = 10_000;
const longestPatience = 300;

export interface RobustnessArguments {
  readonly profile?: readonly string[] | undefined;
  readonly loss?: string | undefined;
  readonly connections?: number | undefined;
  readonly rtt: string;
  readonly lossy: LossyPart;
  readonly seed: string;
}

export interface LiveArguments {
  readonly live: boolean;
  readonly patience?: number | undefined;
  readonly rate?: number | undefined;
  readonly reordering?: number | undefined;
}

const usualLoss = '0-100/5';
const usualConnections = 10_000;
const usualLive = {
  profiles: [...kernelEnds.keys(), 'robe-downgrade', 'robe-esim'],
  loss: '0,20,40',
  connections: 20,
  patience: 10,
};

/** Throws a UsageError. */
export const robustnessRequest = (given: RobustnessArguments): RobustnessRequest => {
  const rtts = readRtts(given.rtt, 2);
  return {
    profiles: readProfiles(given.profile ?? usualProfiles),
    losses: readLosses(given.loss ?? usualLoss),
    connections: whole('connections', given.connections ?? usualConnections),
    rtts,
    lossy: given.lossy,
    seed: given.seed,
  };
};

/** Throws a UsageError when an option is given that only means something on wires. */
export const refuseLiveOptions = (given: LiveArguments): void => {
  for (const name of ['patience', 'rate', 'reordering'] as const) {
    if (given[name] !== undefined) throw new UsageError([`--${name} is for --live: time is virtual without it`]);
  }
};

/** The experiment on wires, and beside it the same simulated. Throws a UsageError. */
export const liveRobustnessRequests = (
  given: RobustnessArguments & LiveArguments,
): { readonly simulated: RobustnessRequest; readonly live: LiveRobustnessRequest } => {
  const { lossy, patience = usualLive.patience, rate, reordering = 0 } = given;
  if (lossy === 'syns') throw new UsageError(['--lossy syns: wires lose whatever they carry; simulate it']);
  if (!(patience > 0 && patience <= longestPatience)) {
    throw new UsageError([`--patience takes seconds up to ${longestPatience}, got ${patience}`]);
  }
  if (rate !== undefined && !(rate > 0)) throw new UsageError([`--rate takes Mbit/s, got ${rate}`]);
  if (!(reordering >= 0 && reordering <= 100))
    throw new UsageError([`--reordering takes a per cent, got ${reordering}`]);
  const names = [...new Set((given.profile ?? usualLive.profiles).flatMap((each) => each.split(',')))];
  const simulated = robustnessRequest({
    ...given,
    profile: [...new Set(names.map((name) => kernelEnds.get(name) ?? name))],
    loss: given.loss ?? usualLive.loss,
    connections: usualConnections,
  });
  const connections = whole('connections', given.connections ?? usualLive.connections);
  const live = {
    connections,
    patienceSeconds: patience,
    reordering: reordering / 100,
    ...(rate === undefined ? {} : { megabitsPerSecond: rate }),
  };
  const { losses, rtts, seed } = simulated;
  return { simulated: { ...simulated, live }, live: { profiles: names, losses, rtts, lossy, seed, live } };
};

/** `0,5,10` or `0-100/5`, in per cent, as probabilities. */
export const readLosses = (text: string): readonly number[] => {
  const [, from, to, step] = /^(\d+)-(\d+)\/(\d+)$/.exec(text) ?? [];
  const values =
    from === undefined
      ? text.split(',').map((each) => (each.trim() === '' ? Number.NaN : Number(each)))
      : range(Number(from), Number(to), Number(step));
  if (values.length > 0 && values.every((value) => value >= 0 && value <= 100)) {
    return [...new Set(values)].sort((a, b) => a - b).map((value) => value / 100);
  }
  throw new UsageError([`--loss takes per cents from 0 to 100, such as 0,10,50 or 0-100/5, got "${text}"`]);
};

const range = (from: number, to: number, step: number): readonly number[] =>
  step < 1 || to < from
    ? []
    : Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

export interface PageLoadArguments {
  readonly profile: readonly string[];
  readonly pages?: string | undefined;
  readonly page: readonly string[];
  readonly samples: number;
  readonly connections: ConnectionUse;
  readonly rate: number;
  readonly seed: string;
}

/** Throws a UsageError. */
export const pageLoadRequest = (given: PageLoadArguments): PageLoadRequest => {
  const profiles = readProfiles(given.profile);
  if (!(given.rate > 0)) throw new UsageError([`--rate takes Mbit/s, got ${given.rate}`]);
  if (profiles.length < 2) throw new UsageError(['--profile: name at least two, the one to compare with first']);
  return {
    profiles,
    pages: choosePages(readPages(given.pages ?? bundledPages), given.page),
    connections: given.connections,
    links: usualLinks.map((link) => ({ ...link, bitsPerSecond: given.rate * 1e6 })),
    samples: whole('samples', given.samples),
    seed: given.seed,
  };
};

const readPages = (file: string): readonly PageProfile[] => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError([`${file} cannot be read: ${reason(cause)}`]);
  }
  try {
    return parsePages(text);
  } catch (cause) {
    if (cause instanceof RangeError) throw new UsageError([`${file}: ${cause.message}`]);
    throw cause;
  }
};

const choosePages = (pages: readonly PageProfile[], wanted: readonly string[]): readonly PageProfile[] => {
  const ids = pages.map(({ id }) => id);
  const stranger = wanted.find((id) => !ids.includes(id));
  if (stranger !== undefined) throw new UsageError([`there is no page ${stranger}: expected one of ${ids.join(', ')}`]);
  return wanted.length === 0 ? pages : pages.filter(({ id }) => wanted.includes(id));
};

export interface LawsArguments {
  readonly rtt: readonly string[];
  readonly seed: string;
}

/** Throws a UsageError. */
export const lawsRequest = ({ rtt, seed }: LawsArguments): LawsRequest => ({
  sets: rtt.map((text) => {
    const set = readRtts(text, 2);
    if (set.every((rtt) => rtt < firstTimeout)) return set;
    throw new UsageError([
      `--rtt: the laws hold for round trips below ${firstTimeout} ms, for after that timers expire; got "${text}"`,
    ]);
  }),
  seed,
});

/** Round trip times in milliseconds, the default path's first. */
const readRtts = (text: string, least: number): readonly [number, ...number[]] => {
  const [first, ...others] = text.split(/[,/]/).map((each) => (each.trim() === '' ? Number.NaN : Number(each)));
  const all = [first ?? Number.NaN, ...others] as const;
  if (all.length >= least && all.length <= mostPaths && all.every((rtt) => rtt > 0 && rtt <= longestRtt)) {
    return [all[0], ...others];
  }
  throw new UsageError([
    `--rtt takes ${least} to ${mostPaths} round trip times in ms, the default path's first, such as 20,40; got "${text}"`,
  ]);
};

const readProfiles = (names: readonly string[]): readonly string[] => {
  const profiles = [...new Set(names.flatMap((each) => each.split(',')))];
  for (const name of profiles) {
    try {
      parseEnd(name);
    } catch (cause) {
      if (cause instanceof UnknownEnd) throw new UsageError([`--profile: ${cause.message}`]);
      throw cause;
    }
  }
  return profiles;
};

const whole = (name: string, value: number): number => {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new UsageError([`--${name} must be a whole number from 1, got ${value}`]);
};
