/**
 * The laws of establishment on this machine's wires: for each set of round trip times some connections of the kernel's MPTCP,
 * which is the classic one, and of the reference's schemes. Times are medians of the relay's, which a
 * busy machine moves less than means, in milliseconds since the first SYN.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Rtts } from '../../../explore/experiments/latency-laws.js';
import type { LawsRequest, ThirdSegments } from '../../../explore/experiments/laws.js';
import { medianOf } from '../../../explore/experiments/statistics.js';
import { kernelName, openLiveBench } from './live-bench.js';
import { waitUntil } from './live-robustness.js';
import type { Seen } from './relay-messages.js';

/** What is measured for which row. */
export const liveLawProfiles: ReadonlyMap<string, string> = new Map([
  ['mptcp', kernelName],
  ['robe-timer', 'robe-timer'],
  ['robe-downgrade', 'robe-downgrade'],
  ['robe-bbm', 'robe-bbm'],
  ['robe-sim', 'robe-sim'],
  ['robe-esim', 'robe-esim'],
]);

export type MeasuredLaws = (rtts: Rtts, profile: string) => ThirdSegments | undefined;

const patienceSeconds = 3;

/** Gives the number of sets done with each profile, and at the end what was measured. */
export async function* measureLawsLive(
  { sets, seed }: LawsRequest,
  connections: number,
  stop: AbortSignal,
): AsyncGenerator<number, MeasuredLaws> {
  const measured = new Map<string, ThirdSegments>();
  const most = Math.max(...sets.map(({ length }) => length));
  let done = 0;
  for (const [profile, end] of liveLawProfiles) {
    const bench = await openLiveBench(end, most, seed);
    try {
      for (const rtts of sets) {
        await bench.impair(
          rtts.map((rtt, index) => ({
            path: index + 1,
            delayMs: rtt / 2,
            lossToServer: 0,
            lossToClient: 0,
            reordering: 0,
          })),
        );
        const each: ThirdSegments[] = [];
        for (let count = 0; count < connections && !stop.aborted; count += 1) {
          const before = bench.seen.length;
          const own = (): ThirdSegments => thirdSegments(bench.seen.slice(before));
          const name = `${rtts.join('/')} ${count}`;
          await bench.connect(name, rtts.length);
          await bench.speak(name);
          await waitUntil(() => own().byPath.size === rtts.length, patienceSeconds, stop);
          each.push(own());
          await bench.reset();
          await sleep(2 * Math.max(...rtts));
        }
        stop.throwIfAborted();
        measured.set(keyOf(rtts, profile), middle(each, rtts.length));
        done += 1;
        yield done;
      }
    } finally {
      await bench.close();
    }
  }
  return (rtts, profile) => measured.get(keyOf(rtts, profile));
}

const keyOf = (rtts: Rtts, profile: string): string => `${rtts.join('/')} ${profile}`;

/** Of the flows whose SYN is among what was seen. */
const thirdSegments = (seen: readonly Seen[]): ThirdSegments => {
  const begun = seen.filter(({ saw }) => saw === 'syn');
  const start = begun[0]?.at ?? 0;
  const flows = new Set(begun.map(({ flow }) => flow));
  const byPath = new Map<number, number>();
  for (const { saw, flow, path, at } of seen) {
    if (saw === 'third' && flows.has(flow) && !byPath.has(path)) byPath.set(path, at - start);
  }
  return { initial: byPath.size === 0 ? undefined : Math.min(...byPath.values()), byPath };
};

const middle = (each: readonly ThirdSegments[], paths: number): ThirdSegments => {
  const byPath = new Map<number, number>();
  for (let path = 1; path <= paths; path += 1) {
    const median = medianOf(each.flatMap((one) => one.byPath.get(path) ?? []));
    if (median !== undefined) byPath.set(path, median);
  }
  return { initial: medianOf(each.flatMap(({ initial }) => initial ?? [])), byPath };
};
