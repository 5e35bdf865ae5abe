/**
 * The evidence that somebody means by a word: a directory of evidence, or the id of a case of a run. Without a run it is the
 * latest one below `reports/`.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { files } from '../../conduct/run-directory.js';
import { UsageError } from '../../conduct/usage-error.js';
import { evidenceFiles } from '../../report/evidence.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { loadResults } from '../gate/results-file.js';

/** Throws a UsageError that says where there is evidence. */
export const findEvidence = (word: string, from: string | undefined): string => {
  if (existsSync(join(word, evidenceFiles.trace))) return word;
  if (existsSync(word))
    throw new UsageError([
      `${word} holds no evidence: expected the directory of a case below evidence/, or the id of a case`,
    ]);
  const run = from ?? latestRun();
  if (run === undefined)
    throw new UsageError([`${word} is no directory of evidence, and there is no run below reports/ to find a case in`]);
  const { file, results } = loadResults(run);
  const own = results.cases.filter(({ id }) => id === word || id.startsWith(`${word}.`));
  const kept = own.filter(({ evidence }) => evidence !== undefined);
  const [first] = kept.length > 0 ? kept : own;
  if (first === undefined)
    throw new UsageError([
      `${file} has no case ${word}${didYouMean(
        word,
        results.cases.map(({ id }) => id),
      )}: expected a case of that run, or the directory of its evidence; --from names another run`,
    ]);
  if (first.evidence === undefined)
    throw new UsageError([
      `${first.id} came out ${first.verdict}, and a run keeps evidence of what is red only:`,
      `  robe run ${first.id} --iut ${first.subject} --keep-evidence`,
    ]);
  return join(dirname(file), first.evidence);
};

/** `reports/latest`, or the run below `reports/` that ended last. */
export const latestRun = (): string | undefined => {
  const latest = join('reports', 'latest');
  if (existsSync(join(latest, files.results))) return latest;
  // A start has a run for each implementation: the one that ended last.
  const within = newestBelow(latest);
  if (within !== undefined) return within;
  return newestBelow('reports');
};

/** The run directly below a directory that ended last. */
const newestBelow = (directory: string): string | undefined => {
  if (!existsSync(directory)) return undefined;
  const runs = readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((place) => existsSync(join(place, files.results)))
    .map((place) => ({ place, written: statSync(join(place, files.results)).mtimeMs }));
  return runs.sort((a, b) => b.written - a.written)[0]?.place;
};
