/**
 * A baseline: a file that lists the known deviations of an implementation. With it the gate holds while these stay as
 * listed, and turns red when anything changes, for the worse or for the better. It hides nothing: the cases that it
 * covers still run and are still listed. Everything it does not mention is expected to conform.
 *
 * Documented with examples in docs/baseline.md; the schema below is the format's definition.
 */
import { z } from 'zod';
import type { Position, Problem } from '../suite/catalogue/problem.js';
import { problemsOf } from '../suite/catalogue/schema-problem.js';
import { openYaml, problemAt, type Source } from '../suite/catalogue/yaml-source.js';
import { conditionSchema } from './condition.js';

export const baselineFormat = 1;

/** What an entry can expect; never `error`, which says nothing about the implementation. */
const expectable = ['fail', 'nonstrict', 'inconclusive', 'unsupported', 'info', 'flaky'] as const;

const words = z.string().min(1);

export const entrySchema = z
  .strictObject({
    case: words.optional().describe('exact id'),
    glob: words.optional().describe('id prefix up to a dot, or a glob with * and ?; needs count'),
    cause: z
      .union([words, z.array(words).min(1)])
      .optional()
      .describe(
        'what goes wrong, in whichever case it shows: a signature or several, as reports name the cause; needs count',
      ),
    count: z.int().positive().optional().describe('how many cases the glob or the cause covers'),
    expect: z.enum(expectable),
    signature: z
      .union([words, z.array(words).min(1)])
      .optional()
      .describe('for fail, nonstrict and inconclusive: how; one of several where a list is given'),
    observation: words.optional().describe('for info: what is observed'),
    among: z
      .array(z.enum(['pass', 'info', 'nonstrict', 'inconclusive', 'fail']))
      .min(2)
      .optional()
      .describe('for flaky: the verdicts it alternates between'),
    reason: words.describe('why, for whoever reads this next year'),
    issue: words.optional().describe('where it is followed up'),
    when: conditionSchema.optional(),
    until: z.iso.date().optional().describe('the last day on which this is an excuse'),
  })
  .superRefine((entry, context) => {
    const say = (path: readonly string[], message: string): void =>
      context.addIssue({ code: 'custom', path: [...path], message });
    const kinds = [entry.cause, entry.case, entry.glob].filter((each) => each !== undefined);
    if (kinds.length !== 1) say([], 'expected one of cause, case and glob');
    if (entry.case !== undefined && /[*?]/.test(entry.case))
      say(['case'], 'case is an exact id; a pattern with * or ? is written as glob, with count');
    if (entry.glob !== undefined && entry.count === undefined) say([], 'a glob needs count: how many cases it covers');
    if (entry.cause !== undefined && entry.count === undefined)
      say([], 'a cause needs count: in how many cases it shows');
    if (entry.case !== undefined && entry.count !== undefined) say(['count'], 'count belongs to a cause or a glob');
    const needsSignature = entry.expect === 'fail' || entry.expect === 'nonstrict' || entry.expect === 'inconclusive';
    // Without one a crash would satisfy an expected mismatch.
    if (entry.cause !== undefined) {
      if (!needsSignature) say(['expect'], 'a cause is expected as fail, nonstrict or inconclusive');
      if (entry.signature !== undefined) say(['signature'], 'the cause is the signature');
    } else if (needsSignature && entry.signature === undefined)
      say([], `expect ${entry.expect} needs signature: how it comes about, as results.json says it`);
    if (!needsSignature && entry.signature !== undefined) say(['signature'], `expect ${entry.expect} has no signature`);
    if ((entry.expect === 'info') !== (entry.observation !== undefined))
      say([], 'observation stands with expect info, and only there');
    if ((entry.expect === 'flaky') !== (entry.among !== undefined))
      say([], 'among stands with expect flaky, and only there: the verdicts it alternates between');
    if (entry.expect === 'flaky' && (entry.issue === undefined || entry.until === undefined))
      say([], 'expect flaky needs issue and until: nobody keeps a flaky case without a plan');
  });

export const baselineSchema = z.strictObject({
  format: z.literal(baselineFormat),
  iut: words.describe('name of the implementation, as its IUT file or results.json has it'),
  catalogue: words.describe('version of the suite that this was written for: 0.1.2, or 0.1.* for any 0.1'),
  entries: z.array(entrySchema),
});

export type BaselineEntry = Readonly<z.infer<typeof entrySchema>> & {
  /** Position in the list, from 0. */
  readonly index: number;
  readonly origin: Position & { readonly file: string };
};

export interface Baseline {
  readonly file: string;
  readonly iut: string;
  readonly catalogue: string;
  readonly entries: readonly BaselineEntry[];
}

export type BaselineReading = { readonly baseline: Baseline } | { readonly problems: readonly Problem[] };

/** Reads a baseline file; returns its problems with line and column. */
export const readBaseline = (source: Source): BaselineReading => {
  const opened = openYaml(source);
  if (opened.problems.length > 0) return { problems: opened.problems };
  const parsed = baselineSchema.safeParse(opened.value);
  if (!parsed.success) return { problems: problemsOf(parsed.error, baselineSchema, opened) };
  const { iut, catalogue, entries } = parsed.data;
  const placed = entries.map((entry, index): BaselineEntry => {
    const { file, line, column } = problemAt(opened, ['entries', index], '');
    return { ...entry, index, origin: { file, line, column } };
  });
  return { baseline: { file: source.file, iut, catalogue, entries: placed } };
};

/** How an entry names what it covers. */
export const patternOf = ({ case: exact, glob, cause }: Pick<BaselineEntry, 'case' | 'glob' | 'cause'>): string =>
  exact ?? glob ?? [cause ?? []].flat().join(', ');

/** Whether a baseline written for `wanted` may judge results of that version of the suite. */
export const isForVersion = (wanted: string, version: string): boolean =>
  wanted.endsWith('.*') ? `${version}.`.startsWith(wanted.slice(0, -1)) : version === wanted;
