/**
 * The paper's second experiment (sections 3.2 and 4.2, figure 9): how long pages take to load over a DSL-like and an LTE-like
 * link to an aggregation point, with the slower link as the default path; classic MPTCP against RobE. Times in milliseconds.
 */
import type { Time } from '../../net/clock/clock.js';
import { seededChance } from '../../net/link/chance.js';
import { parsePair } from '../end-name.js';
import type { Pair } from '../pair.js';
import type { Wire } from './joined-hosts.js';
import type { PageProfile } from './page-profile.js';
import { type ConnectionUse, type VisitTimes, visitPage } from './page-visit.js';
import { type Mean, meanOf, Samples } from './statistics.js';

/** A link as people name it; the round trip is twice its delay. */
export interface LinkProfile {
  readonly name: string;
  readonly rttMs: number;
  /** Up to this much more in each direction. */
  readonly jitterMs: number;
  readonly bitsPerSecond: number;
}

export interface PageLoadRequest {
  /** The baseline first. */
  readonly profiles: readonly string[];
  readonly pages: readonly PageProfile[];
  readonly connections: ConnectionUse;
  /** The default path's link first. */
  readonly links: readonly LinkProfile[];
  /** Visits of each page with each profile; the jitter differs between them and is the same for every profile. */
  readonly samples: number;
  readonly seed: string;
}

export interface PageResult {
  readonly page: string;
  readonly profile: string;
  /** Absent when no visit came to its end. */
  readonly time?: Mean;
  /** Visits that did not come to their end. */
  readonly unfinished: number;
  /** How many times as long the baseline took, visit by visit; absent for the baseline. */
  readonly gain?: Mean;
  /** The same until the document was there, which is what a reader sees first. */
  readonly document?: Mean;
  readonly documentGain?: Mean;
}

export interface PageLoadReport {
  readonly format: 'robe-page-load/1';
  readonly request: PageLoadRequest;
  readonly results: readonly PageResult[];
}

const tenMegabits = 10_000_000;
/** The links of the paper's experiment, LTE as the default; the jitter is ours. */
export const usualLinks: readonly LinkProfile[] = [
  { name: 'LTE-like', rttMs: 40, jitterMs: 2, bitsPerSecond: tenMegabits },
  { name: 'DSL-like', rttMs: 20, jitterMs: 1, bitsPerSecond: tenMegabits },
];

export const usualPageProfiles: readonly string[] = ['mptcp', 'robe-downgrade', 'robe-esim'];
export const usualSamples = 30;

const nanosecondsPerMillisecond = 1e6;

const toWire = ({ rttMs, jitterMs, bitsPerSecond }: LinkProfile): Wire => ({
  delay: BigInt(Math.round((rttMs / 2) * nanosecondsPerMillisecond)),
  jitter: BigInt(Math.round(jitterMs * nanosecondsPerMillisecond)),
  bitsPerSecond,
});

/** Visits page by page: gives the number of visits done after each, and the report at the end. Throws UnknownEnd. */
export function* measurePageLoads(request: PageLoadRequest): Generator<number, PageLoadReport> {
  const visitors = visitorsFor(request);
  const visits = new Map<string, readonly PageVisits[]>();
  let done = 0;
  for (const { id } of request.pages) {
    const ofPage: PageVisits[] = [];
    for (const visit of visitors) {
      const times: (VisitTimes | undefined)[] = [];
      for (let sample = 0; sample < request.samples; sample += 1) {
        times.push(visit(id, sample));
        done += 1;
        yield done;
      }
      ofPage.push(times);
    }
    visits.set(id, ofPage);
  }
  return pageLoadReport(request, visits);
}

/** What the visits of a page with one profile took, sample by sample; undefined where one did not come to its end. */
export type PageVisits = readonly (VisitTimes | undefined)[];

/** For each profile, one visit of a page by its id and the number of the sample. Throws UnknownEnd. */
export const visitorsFor = (
  request: PageLoadRequest,
): readonly ((page: string, sample: number) => VisitTimes | undefined)[] => {
  const { pages, connections, links, seed } = request;
  const wires = links.map(toWire);
  return pairsOf(request).map((pair) => (id, sample) => {
    const page = pages.find((each) => each.id === id);
    if (page === undefined) throw new RangeError(`there is no page ${id}`);
    return visitPage({ page, connections, pair, wires, chance: seededChance(`${seed}/${id}/${sample}`) });
  });
};

const pairsOf = ({ profiles, links, seed }: PageLoadRequest): readonly Pair[] =>
  profiles.map((profile) => ({ ...parsePair({ profile, paths: links.length, seed }), scheduling: 'fastest' }));

/** `visits`: by page, for each profile in the order of the request. */
export const pageLoadReport = (
  request: PageLoadRequest,
  visits: ReadonlyMap<string, readonly PageVisits[]>,
): PageLoadReport => ({
  format: 'robe-page-load/1',
  request,
  results: request.pages.flatMap(({ id }) => {
    const ofPage = visits.get(id) ?? [];
    return pairsOf(request).map(({ client }, at) =>
      resultOf(id, client.name, ofPage[at] ?? [], at === 0 ? undefined : ofPage[0]),
    );
  }),
});

const resultOf = (page: string, profile: string, times: PageVisits, baseline: PageVisits | undefined): PageResult => {
  const whole = meansOf(times, baseline, (each) => each.page);
  const document = meansOf(times, baseline, (each) => each.document);
  return {
    page,
    profile,
    unfinished: times.filter((each) => each === undefined).length,
    ...(whole.time === undefined ? {} : { time: whole.time }),
    ...(whole.gain === undefined ? {} : { gain: whole.gain }),
    ...(document.time === undefined ? {} : { document: document.time }),
    ...(document.gain === undefined ? {} : { documentGain: document.gain }),
  };
};

/** Mean of a time in milliseconds, and of how many times as long the baseline's was. */
const meansOf = (
  times: PageVisits,
  baseline: PageVisits | undefined,
  pick: (times: VisitTimes) => Time,
): { readonly time: Mean | undefined; readonly gain: Mean | undefined } => {
  const took = new Samples();
  const gains = new Samples();
  for (const [sample, each] of times.entries()) {
    if (each === undefined) continue;
    took.add(Number(pick(each)) / nanosecondsPerMillisecond);
    const other = baseline?.[sample];
    if (other !== undefined) gains.add(Number(pick(other)) / Number(pick(each)));
  }
  return { time: took.mean(), gain: gains.mean() };
};

/** A gain of a profile over all pages that have one: the mean of the pages' means. */
export const overallGain = (
  { results }: PageLoadReport,
  profile: string,
  which: 'gain' | 'documentGain',
): Mean | undefined => meanOf(results.flatMap((each) => (each.profile === profile ? (each[which]?.mean ?? []) : [])));
