/**
 * Reads `results.json` from outside: checked against its schema, and for what a schema cannot say: no result listed twice,
 * none of a subject that is not described, totals that are those of the cases.
 */
import { type CaseResult, type Results, results, totalsOf, verdicts } from '../suite/verdict/results.js';

/** What identifies a result within a run. */
export const keyOf = ({ subject, id }: Pick<CaseResult, 'subject' | 'id'>): string => `${subject}\n${id}`;

/** The results, or what is wrong with them, one sentence each; at most ten. */
export const readResults = (
  file: string,
  text: string,
): { readonly results: Results } | { readonly problems: readonly string[] } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { problems: [`${file}: not JSON: ${cause instanceof Error ? cause.message : String(cause)}`] };
  }
  const parsed = results.safeParse(value);
  if (!parsed.success) {
    const complaints = parsed.error.issues.slice(0, mostProblems);
    return { problems: complaints.map(({ path, message }) => `${file}: ${path.join('.') || 'the whole'}: ${message}`) };
  }
  const problems = contradictionsOf(parsed.data).map((problem) => `${file}: ${problem}`);
  return problems.length > 0 ? { problems: problems.slice(0, mostProblems) } : { results: parsed.data };
};

const mostProblems = 10;

const contradictionsOf = ({ cases, subjects, totals }: Results): readonly string[] => {
  const problems: string[] = [];
  const known = new Set(subjects.map(({ name }) => name));
  const seen = new Set<string>();
  for (const result of cases) {
    if (!known.has(result.subject)) problems.push(`${result.id} is of ${result.subject}, which subjects do not list`);
    if (seen.has(keyOf(result))) problems.push(`${result.id} is listed twice for ${result.subject}`);
    seen.add(keyOf(result));
  }
  const counted = totalsOf(cases);
  for (const verdict of verdicts) {
    const [told, there] = [totals[verdict] ?? 0, counted[verdict] ?? 0];
    if (told !== there) problems.push(`totals say ${told} ${verdict}, the cases are ${there}`);
  }
  return problems;
};
