/**
 * Reports that `robe experiment … --json` printed, read again for the HTML report. What a figure needs is asked for; a file
 * without it is refused in words.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import type { ReportedExperiment } from '../../report/html/report-input.js';
import { type ExperimentReport, formsOf } from './experiment-forms.js';

/** Of a single sample JSON tells no half interval. */
const mean = z.object({ samples: z.number(), mean: z.number(), half: z.number().nullable() }).optional();
const names = z.array(z.string());
const numbers = z.array(z.number());

const robustness = z.object({
  format: z.literal('robe-robustness/1'),
  request: z.object({ profiles: names, losses: numbers, connections: z.number(), rtts: numbers, lossy: z.string() }),
  series: z.array(
    z.object({
      profile: z.string(),
      source: z.enum(['simulated', 'live']),
      points: z.array(z.object({ loss: z.number(), connections: z.number(), accepted: z.number(), time: mean })),
    }),
  ),
});

const pageLoad = z.object({
  format: z.literal('robe-page-load/1'),
  request: z.object({
    profiles: names,
    pages: z.array(z.object({ id: z.string() })),
    connections: z.string(),
    links: z.array(z.object({ name: z.string(), rttMs: z.number(), jitterMs: z.number(), bitsPerSecond: z.number() })),
    samples: z.number(),
  }),
  results: z.array(z.object({ page: z.string(), profile: z.string(), unfinished: z.number(), time: mean, gain: mean })),
});

const laws = z.object({
  format: z.literal('robe-laws/1'),
  rows: z.array(z.object({ rtts: numbers, quantity: z.string(), profile: z.string() })),
  timers: z.array(z.object({ dead: z.number(), timer: z.number(), backoff: z.string(), printed: z.number() })),
});

const shape = z.discriminatedUnion('format', [robustness, pageLoad, laws]);

/** Columns of tables in a page. */
const columns = 110;

/** Throws a UsageError that names the file. */
export const readExperiment = (file: string): ReportedExperiment => {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError([`--experiments: ${file} cannot be read: ${reason(cause)}`]);
  }
  const read = shape.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new UsageError([
      `--experiments: ${file} is no report of an experiment (${where}${issue?.message}); \`robe experiment … --json\` prints one`,
    ]);
  }
  // Everything that the shape asks for is there, and nothing was left out of the value itself.
  const { title, figure, lines } = formsOf(value as ExperimentReport);
  return { title, figure: figure(), table: lines(columns).join('\n') };
};
