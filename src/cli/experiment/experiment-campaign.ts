/**
 * The simulated experiments as campaigns, so that several machines share them: a unit is a profile, one visit of a page with
 * every profile, or one set of round trip times.
 */
import { z } from 'zod';
import {
  type LawRow,
  type LawsReport,
  type LawsRequest,
  lawRows,
  type TimerRow,
  timerRows,
} from '../../explore/experiments/laws.js';
import { lossyParts } from '../../explore/experiments/lossy-part.js';
import { type PageLoadRequest, pageLoadReport, visitorsFor } from '../../explore/experiments/page-load.js';
import { pageShape } from '../../explore/experiments/page-profile.js';
import { connectionUses, type VisitTimes } from '../../explore/experiments/page-visit.js';
import {
  measureSeries,
  type RobustnessRequest,
  type RobustnessSeries,
  robustnessReport,
} from '../../explore/experiments/robustness.js';
import type { Campaign, Conclusion } from '../campaign/campaign.js';
import { pageColumns, pageOf } from './deliver-report.js';
import { type ExperimentReport, formsOf } from './experiment-forms.js';

/** A request names its parts in the order in which the commands do: reports of merged parts are the same octets. */
export const robustnessShape = z.object({
  profiles: z.array(z.string()),
  losses: z.array(z.number()),
  connections: z.int(),
  rtts: z.array(z.number()),
  lossy: z.enum(lossyParts),
  seed: z.string(),
});

/** Of a single sample the half interval is infinite, which JSON writes as null. */
const mean = z.object({
  samples: z.int(),
  mean: z.number(),
  half: z
    .number()
    .nullable()
    .transform((half) => half ?? Number.POSITIVE_INFINITY),
});

const series: z.ZodType<RobustnessSeries> = z.object({
  profile: z.string(),
  version: z.literal([0, 1]),
  source: z.enum(['simulated', 'live']),
  points: z.array(
    z.object({
      loss: z.number(),
      connections: z.int(),
      accepted: z.int(),
      time: mean.exactOptional(),
      expected: z.object({ mean: z.number().exactOptional(), share: z.number() }).exactOptional(),
    }),
  ),
  courses: z.int(),
});

export const robustnessCampaign = (request: RobustnessRequest): Campaign<RobustnessSeries> => ({
  ...usual,
  kind: 'experiment robustness',
  request,
  units: request.profiles,
  row: series,
  work: async (profile) => measureSeries(profile, request),
  conclude: async (rows) => concluded(robustnessReport(request, rows)),
});

export const pageLoadShape = z.object({
  profiles: z.array(z.string()),
  pages: z.array(pageShape),
  connections: z.enum(connectionUses),
  links: z.array(z.object({ name: z.string(), rttMs: z.number(), jitterMs: z.number(), bitsPerSecond: z.number() })),
  samples: z.int(),
  seed: z.string(),
});

/** For each profile, nanoseconds until the document and the page were there; null where the visit did not come to its end. */
const visit = z.array(z.object({ document: z.int(), page: z.int() }).nullable());
type VisitRow = z.infer<typeof visit>;

export const pageLoadCampaign = (request: PageLoadRequest): Campaign<VisitRow> => {
  const visitors = visitorsFor(request);
  const objects = new Map(request.pages.map((page) => [page.id, page.objects]));
  const units = request.pages.flatMap(({ id }) =>
    Array.from({ length: request.samples }, (_, sample) => `${id}/${sample}`),
  );
  const placeOf = (unit: string): { readonly page: string; readonly sample: number } => {
    const [page = '', sample] = unit.split('/');
    return { page, sample: Number(sample) };
  };
  return {
    ...usual,
    kind: 'experiment page-load',
    request,
    units,
    cost: (unit) => objects.get(placeOf(unit).page) ?? 1,
    row: visit,
    work: async (unit) => {
      const { page, sample } = placeOf(unit);
      return visitors.map((visitWith) => inNumbers(visitWith(page, sample)));
    },
    conclude: async (rows) => {
      const ofPage = (page: string) => rows.filter((_, at) => placeOf(units[at] ?? '').page === page);
      const visits = new Map(
        request.pages.map(({ id }) => [
          id,
          request.profiles.map((_, at) => ofPage(id).map((row) => inTime(row[at] ?? null))),
        ]),
      );
      return concluded(pageLoadReport(request, visits));
    },
  };
};

const inNumbers = (times: VisitTimes | undefined): VisitRow[number] =>
  times === undefined ? null : { document: Number(times.document), page: Number(times.page) };

const inTime = (times: VisitRow[number]): VisitTimes | undefined =>
  times === null ? undefined : { document: BigInt(times.document), page: BigInt(times.page) };

export const lawsShape = z.object({
  sets: z.array(z.tuple([z.number()], z.number())),
  seed: z.string(),
});

const value = z.number().exactOptional();
const lawsRow = z.object({
  rows: z.array(
    z.object({
      rtts: z.tuple([z.number()], z.number()),
      quantity: z.string(),
      profile: z.string(),
      equation: value,
      printed: value,
      law: value,
      simulated: value,
      measured: value,
    }),
  ),
  timers: z.array(
    z.object({
      dead: z.int(),
      timer: z.number(),
      backoff: z.enum(['none', 'exp']),
      printed: z.number(),
      simulated: value,
    }),
  ),
});
interface LawsRow {
  readonly rows: readonly LawRow[];
  readonly timers: readonly TimerRow[];
}

/** The unit of what dead paths cost, which belongs to no set. */
const timers = 'timers';

export const lawsCampaign = (request: LawsRequest): Campaign<LawsRow> => ({
  ...usual,
  kind: 'experiment laws',
  request,
  units: [...request.sets.keys()].map((at) => `set ${at + 1}`).concat(timers),
  row: lawsRow,
  work: async (unit) => {
    if (unit === timers) return { rows: [], timers: timerRows(request.seed) };
    const set = request.sets[Number(unit.split(' ')[1]) - 1];
    return { rows: set === undefined ? [] : lawRows(set, request.seed), timers: [] };
  },
  conclude: async (found) => {
    const report: LawsReport = {
      format: 'robe-laws/1',
      request,
      rows: found.flatMap(({ rows }) => rows),
      timers: found.flatMap((row) => row.timers),
    };
    return concluded(report);
  },
});

/** What all have in common: the report is the whole, and nothing in it is red. */
const usual = {
  atOnce: 1,
  head: [],
  lines: () => [],
  close: async () => {},
} as const;

const concluded = (report: ExperimentReport): Conclusion => {
  const forms = formsOf(report);
  return {
    lines: forms.lines(pageColumns),
    json: report,
    red: false,
    files: { 'numbers.csv': forms.csv(), 'figure.svg': `${forms.figure()}\n`, 'report.html': pageOf(forms) },
  };
};
