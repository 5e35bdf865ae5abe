/**
 * The paper's first experiment (sections 3.1 and 4.1, figure 8): how long a connection takes from connect to accept while
 * the loss of the default path grows and another path is good. Every profile of the reference, many connections per
 * point, each with losses drawn from the seed; means over those that were accepted at all, in milliseconds, beside the
 * closed form where there is one.
 */
import type { Time } from '../../net/clock/clock.js';
import { seededChance } from '../../net/link/chance.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag } from '../../protocol/wire/packet.js';
import { parsePair } from '../end-name.js';
import { type Pair, serverAddress, serverPort } from '../pair.js';
import { type Expected, expectationFor } from './closed-form.js';
import { CourseTree } from './course-tree.js';
import { JoinedHosts, type Passage } from './joined-hosts.js';
import type { LossyPart } from './lossy-part.js';
import { type Mean, Samples } from './statistics.js';

export interface RobustnessRequest {
  /** As ends of an exploration are named, e.g. `robe-ips+ips.combine=sim`. */
  readonly profiles: readonly string[];
  /** Probabilities from 0 to 1. */
  readonly losses: readonly number[];
  /** Connections a point. */
  readonly connections: number;
  /** Round trip times of the paths in milliseconds; the first is the default path, which loses. */
  readonly rtts: readonly number[];
  readonly lossy: LossyPart;
  readonly seed: string;
  /** How the live series beside the simulated ones were measured. */
  readonly live?: LiveCircumstances;
}

export interface LiveCircumstances {
  /** Connections a point. */
  readonly connections: number;
  /** A connection that is not accepted within this many seconds counts as never accepted. */
  readonly patienceSeconds: number;
  /** Of every path. */
  readonly megabitsPerSecond?: number;
  /** Share of frames of the default path towards the server that others overtake. */
  readonly reordering: number;
}

export interface RobustnessPoint {
  readonly loss: number;
  readonly connections: number;
  readonly accepted: number;
  /** Milliseconds from connect to accept; absent when none was accepted. */
  readonly time?: Mean;
  readonly expected?: Expected;
}

export interface RobustnessSeries {
  /** As it was asked for; `linux` is the kernel of the machine. */
  readonly profile: string;
  /** Whether time was virtual or the machine's. */
  readonly source: 'simulated' | 'live';
  readonly version: 0 | 1;
  readonly points: readonly RobustnessPoint[];
  /** Courses of losses that were played segment by segment; none live. */
  readonly courses: number;
}

export interface RobustnessReport {
  readonly format: 'robe-robustness/1';
  readonly request: RobustnessRequest;
  readonly series: readonly RobustnessSeries[];
}

/** The profiles of the figure: classic, and every scheme of the paper and the draft with the combinations it names. */
export const usualProfiles: readonly string[] = [
  'mptcp',
  'robe-timer',
  'robe-downgrade',
  'robe-bbm',
  'robe-sim',
  'robe-esim',
  'robe-ips',
  'robe-ips+ips.combine=sim',
  'robe-ips+ips.combine=timer',
];

/** 0, 5, .. 100 %. */
export const usualLosses: readonly number[] = Array.from({ length: 21 }, (_, index) => (index * 5) / 100);

/** Longer than any host tries. */
const limit: Time = 400_000_000_000n;
const nanosecondsPerMillisecond = 1e6;

const toWire = (rtt: number) => ({ delay: BigInt(Math.round((rtt * nanosecondsPerMillisecond) / 2)) });

/** Measures point by point: gives the number of points done after each, and the report at the end. Throws UnknownEnd. */
export function* measureRobustness(request: RobustnessRequest): Generator<number, RobustnessReport> {
  const pairs = request.profiles.map((profile) => ({ profile, pair: pairOf(profile, request) }));
  const series: RobustnessSeries[] = [];
  for (const { profile, pair } of pairs)
    series.push(yield* measurePoints(profile, pair, request, series.length * request.losses.length));
  return robustnessReport(request, series);
}

/** One profile at every point. Throws UnknownEnd. */
export const measureSeries = (profile: string, request: RobustnessRequest): RobustnessSeries => {
  const measuring = measurePoints(profile, pairOf(profile, request), request, 0);
  for (;;) {
    const step = measuring.next();
    if (step.done === true) return step.value;
  }
};

export const robustnessReport = (
  request: RobustnessRequest,
  series: readonly RobustnessSeries[],
): RobustnessReport => ({ format: 'robe-robustness/1', request, series });

const pairOf = (profile: string, { rtts, seed }: RobustnessRequest): Pair =>
  parsePair({ profile, paths: rtts.length, seed });

/** Yields the number of points done after each point, including those done before. */
function* measurePoints(
  profile: string,
  pair: Pair,
  request: RobustnessRequest,
  before: number,
): Generator<number, RobustnessSeries> {
  const tree = connectionTree(pair, request);
  const points: RobustnessPoint[] = [];
  for (const loss of request.losses) {
    points.push(measurePoint(tree, pair, loss, request));
    yield before + points.length;
  }
  return { profile, version: pair.version, source: 'simulated', points, courses: tree.courses };
}

const measurePoint = (
  tree: CourseTree<Time | undefined>,
  pair: Pair,
  loss: number,
  { connections, rtts, lossy, seed }: RobustnessRequest,
): RobustnessPoint => {
  // The same draws for every profile: differences between profiles are theirs.
  const chance = seededChance(`${seed}/loss/${loss}`);
  const samples = new Samples();
  for (let count = 0; count < connections; count += 1) {
    const accepted = tree.sample(() => chance() < loss);
    if (accepted !== undefined) samples.add(Number(accepted) / nanosecondsPerMillisecond);
  }
  const time = samples.mean();
  const expected = expectationFor(pair.client, { loss, rtts, lossy });
  return {
    loss,
    connections,
    accepted: samples.count,
    ...(time === undefined ? {} : { time }),
    ...(expected === undefined ? {} : { expected }),
  };
};

/** Connections between two hosts whose default path may lose; the outcome is when the server accepted, if it did. */
export const connectionTree = (
  pair: Pair,
  { rtts, lossy }: Pick<RobustnessRequest, 'rtts' | 'lossy'>,
): CourseTree<Time | undefined> =>
  new CourseTree((lost) => playConnection(pair, rtts, (each) => couldBeLost(lossy, each) && lost()));

const couldBeLost = (lossy: LossyPart, { from, path, frame }: Passage): boolean => {
  if (path !== 1) return false;
  switch (lossy) {
    case 'both':
      return true;
    case 'to-server':
      return from === 'client';
    case 'syns':
      return from === 'client' && isSyn(frame);
  }
};

const isSyn = (frame: Uint8Array): boolean => {
  const packet = decodeFrame(frame);
  return packet.kind === 'tcp' && (packet.tcp.flags & TcpFlag.SYN) !== 0;
};

const playConnection = (
  pair: Pair,
  rtts: readonly number[],
  loses: (passage: Passage) => boolean,
): Time | undefined => {
  let accepted: Time | undefined;
  const hosts = new JoinedHosts({
    pair,
    wires: rtts.map(toWire),
    loses,
    noticed: (side, { notice }, at) => {
      if (side === 'server' && notice === 'accepted') accepted ??= at;
    },
  });
  hosts.act('server', (host, now) => host.listen(serverPort, 'discard', now));
  hosts.act('client', (host, now) => host.connect({ address: serverAddress, port: serverPort }, now));
  hosts.run(() => accepted !== undefined, limit);
  return accepted;
};
