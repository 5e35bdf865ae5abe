/** Reads baselines, and the cases of the catalogue that they are about. */
import { readFileSync } from 'node:fs';
import { reason } from '../../conduct/failure.js';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { type Baseline, readBaseline } from '../../gate/baseline.js';
import { type KnownCase, versionOf } from '../../gate/entry-scope.js';
import { printProblem } from '../../suite/catalogue/problem.js';
import type { Results } from '../../suite/verdict/results.js';
import { toolVersion } from '../environment.js';

export interface BaselineFile {
  readonly text: string;
  readonly baseline: Baseline;
}

/** Throws a UsageError with a line for each problem. */
export const loadBaseline = (file: string): BaselineFile => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError([
      `the baseline ${file} cannot be read: ${reason(cause)}`,
      `\`robe baseline update ${file} --from reports/RUN\` begins one; without --baseline everything red is new`,
    ]);
  }
  return { text, baseline: soundBaseline(file, text) };
};

export const soundBaseline = (file: string, text: string): Baseline => {
  const reading = readBaseline({ file, text });
  if ('problems' in reading) throw new UsageError(reading.problems.map(printProblem));
  return reading.baseline;
};

/**
 * The cases that entries can mean: the catalogue's and those of the results, which may be of the user's own. Results of
 * another version of the suite had another catalogue: then only what they list is known.
 */
export const knownCases = (
  results: Results,
  places: readonly string[],
  workingDirectory: string,
): readonly KnownCase[] => {
  if (versionOf(results.run.tool) !== toolVersion()) return results.cases;
  const known = new Map<string, KnownCase>(
    loadSoundCatalogue(places, workingDirectory).cases.map((each) => [each.id, each]),
  );
  for (const result of results.cases) if (!known.has(result.id)) known.set(result.id, result);
  return [...known.values()];
};
