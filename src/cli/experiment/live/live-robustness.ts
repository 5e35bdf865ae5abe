/**
 * The robustness experiment on this machine's wires: connections between two namespaces through a relay that loses, delays,
 * slows and reorders; the kernel's own MPTCP and the reference as processes. A connection begins when its first SYN enters the
 * relay and is accepted when a third segment leaves it for the server; one that is not accepted within the patience counts as
 * never accepted, so means of slow schemes are means of their faster part.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveCircumstances, RobustnessPoint, RobustnessSeries } from '../../../explore/experiments/robustness.js';
import { Samples } from '../../../explore/experiments/statistics.js';
import { kernelName, type LiveBench, openLiveBench } from './live-bench.js';
import type { PathImpairment, Seen } from './relay-messages.js';

export interface LiveRobustnessRequest {
  readonly profiles: readonly string[];
  readonly losses: readonly number[];
  readonly rtts: readonly number[];
  readonly lossy: 'to-server' | 'both';
  readonly seed: string;
  readonly live: LiveCircumstances;
}

/** Schemes that send one SYN, so that many connections at once can be told apart by their SYNs. */
const single: ReadonlySet<string> = new Set([kernelName, 'tcp', 'mptcp']);

const millisecondsBetweenConnects = 5;
const millisecondsBetweenLooks = 5;
const millisecondsPerSecond = 1000;

/** Measures point by point: gives the number of points done, and the series at the end. */
export async function* measureLive(
  request: LiveRobustnessRequest,
  stop: AbortSignal,
): AsyncGenerator<number, readonly RobustnessSeries[]> {
  const series: RobustnessSeries[] = [];
  let done = 0;
  for (const profile of request.profiles) {
    const bench = await openLiveBench(profile, request.rtts.length, request.seed);
    try {
      const points: RobustnessPoint[] = [];
      for (const loss of request.losses) {
        await bench.impair(impairments(request, loss));
        const times = single.has(profile)
          ? await connectTogether(bench, request, `${loss}`, stop)
          : await connectInTurn(bench, request, `${loss}`, stop);
        stop.throwIfAborted();
        points.push(pointOf(loss, request.live.connections, times));
        done += 1;
        yield done;
      }
      series.push({ profile, version: bench.version, source: 'live', points, courses: 0 });
    } finally {
      await bench.close();
    }
  }
  return series;
}

const impairments = ({ rtts, lossy, live }: LiveRobustnessRequest, loss: number): readonly PathImpairment[] =>
  rtts.map((rtt, index) => ({
    path: index + 1,
    delayMs: rtt / 2,
    lossToServer: index === 0 ? loss : 0,
    lossToClient: index === 0 && lossy === 'both' ? loss : 0,
    reordering: index === 0 ? live.reordering : 0,
    ...(live.megabitsPerSecond === undefined ? {} : { megabitsPerSecond: live.megabitsPerSecond }),
  }));

const pointOf = (loss: number, connections: number, times: readonly number[]): RobustnessPoint => {
  const samples = new Samples();
  for (const time of times) samples.add(time);
  const time = samples.mean();
  return { loss, connections, accepted: times.length, ...(time === undefined ? {} : { time }) };
};

/** All connections of a point at once; milliseconds of those that were accepted. */
const connectTogether = async (
  bench: LiveBench,
  { rtts, live }: LiveRobustnessRequest,
  name: string,
  stop: AbortSignal,
): Promise<readonly number[]> => {
  for (let count = 0; count < live.connections && !stop.aborted; count += 1) {
    await bench.connect(`${name}/${count}`, rtts.length);
    await sleep(millisecondsBetweenConnects);
  }
  await waitUntil(() => initialTimes(bench.seen).length >= live.connections, live.patienceSeconds, stop);
  const times = initialTimes(bench.seen);
  await bench.reset();
  return times.filter((time) => time <= live.patienceSeconds * millisecondsPerSecond);
};

/** From the SYN of each initial flow to its third segment. */
const initialTimes = (seen: readonly Seen[]): readonly number[] => {
  const begun = new Map(
    seen.flatMap(({ saw, join, flow, at }) => (saw === 'syn' && !join ? [[flow, at] as const] : [])),
  );
  return seen.flatMap(({ saw, flow, at }) => {
    const start = begun.get(flow);
    return saw === 'third' && start !== undefined ? [at - start] : [];
  });
};

/** One connection after the other. */
const connectInTurn = async (
  bench: LiveBench,
  { rtts, live }: LiveRobustnessRequest,
  name: string,
  stop: AbortSignal,
): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let count = 0; count < live.connections && !stop.aborted; count += 1) {
    const before = bench.seen.length;
    const own = (): readonly Seen[] => bench.seen.slice(before);
    await bench.connect(`${name}/${count}`, rtts.length);
    await waitUntil(() => acceptedAfter(own()) !== undefined, live.patienceSeconds, stop);
    const time = acceptedAfter(own());
    if (time !== undefined) times.push(time);
    await bench.reset();
    // What is still under way must not be taken for the next connection.
    await sleep(2 * Math.max(...rtts));
  }
  return times;
};

/** From the first SYN to the first third segment of a flow whose SYN is among what was seen. */
const acceptedAfter = (seen: readonly Seen[]): number | undefined => {
  const begun = seen.filter(({ saw }) => saw === 'syn');
  const flows = new Set(begun.map(({ flow }) => flow));
  const third = seen.find(({ saw, flow }) => saw === 'third' && flows.has(flow));
  const [first] = begun;
  return third === undefined || first === undefined ? undefined : third.at - first.at;
};

/** Looks again and again until it holds, patience ends, or somebody stops it. */
export const waitUntil = async (holds: () => boolean, seconds: number, stop: AbortSignal): Promise<void> => {
  const end = process.hrtime.bigint() + BigInt(Math.ceil(seconds * 1e9));
  while (!holds() && !stop.aborted && process.hrtime.bigint() < end) await sleep(millisecondsBetweenLooks);
};
