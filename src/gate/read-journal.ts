/**
 * Reads the journal of a killed run, which wrote no results. Its first line has the plan and the subjects; then follow a
 * line for each begun case and one for each result. The last line may be cut.
 */
import { z } from 'zod';
import {
  caseResult,
  environmentRecord,
  type Results,
  resultsFormat,
  results as resultsSchema,
  subjectRecord,
  totalsOf,
} from '../suite/verdict/results.js';

const head = z.object({
  journal: z.literal(2),
  run: resultsSchema.shape.run.pick({ id: true, tool: true, command: true, seed: true, began: true, shard: true }),
  environment: environmentRecord,
  subjects: z.array(subjectRecord),
  planned: z.array(
    caseResult.pick({
      id: true,
      subject: true,
      title: true,
      version: true,
      role: true,
      ip: true,
      requirements: true,
      steps: true,
    }),
  ),
});

/** The results so far: unfinished cases have no verdict, the others were not run. Undefined if the text is no journal. */
export const resultsOfJournal = (text: string): Results | undefined => {
  const [first = '', ...lines] = text.split('\n');
  const opened = head.safeParse(parse(first));
  if (!opened.success) return undefined;
  const found = new Map<string, Results['cases'][number]>();
  const begun = new Set<string>();
  for (const line of lines) {
    const entry = entrySchema.safeParse(parse(line));
    if (!entry.success) continue;
    if ('began' in entry.data) begun.add(keyOf(entry.data.began));
    else found.set(keyOf(entry.data.result), entry.data.result);
  }
  const cases = opened.data.planned.map((planned): Results['cases'][number] => {
    const key = keyOf(planned);
    const left = {
      ...planned,
      facets: {},
      findings: [],
      duration: 0,
      ...(begun.has(key)
        ? ({
            verdict: 'error',
            sentence: 'No verdict could be reached: the run was killed while the case was under way.',
          } as const)
        : ({ verdict: 'not-run', sentence: 'Not run: the run was killed before.' } as const)),
    };
    return found.get(key) ?? left;
  });
  return {
    format: resultsFormat,
    run: {
      ...opened.data.run,
      duration: 0,
      complete: false,
      interrupted: false,
      problem: 'the run was killed; this is what its journal tells',
      warnings: [],
    },
    environment: opened.data.environment,
    subjects: opened.data.subjects,
    totals: totalsOf(cases),
    cases,
  };
};

const entrySchema = z.union([
  z.object({ began: z.object({ subject: z.string(), id: z.string() }) }),
  z.object({ result: caseResult }),
]);

const keyOf = ({ subject: name, id }: { readonly subject: string; readonly id: string }): string => `${name}\n${id}`;

const parse = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
