/** Finds and reads results: a `results.json`, or the directory of a run that holds one. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reason } from '../../conduct/failure.js';
import { files } from '../../conduct/run-directory.js';
import { UsageError } from '../../conduct/usage-error.js';
import { resultsOfJournal } from '../../gate/read-journal.js';
import { readResults } from '../../gate/read-results.js';
import type { Results } from '../../suite/verdict/results.js';
import { partName } from '../campaign/part-file.js';

export interface ResultsFile {
  readonly file: string;
  readonly results: Results;
}

/** Throws a UsageError that says what is wrong. */
export const loadResults = (place: string): ResultsFile => {
  const file = isDirectory(place) ? join(place, files.results) : place;
  const killed = existsSync(file) ? undefined : resultsOfKilledRun(dirname(file));
  if (killed !== undefined) return killed;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError([
      `${file} cannot be read (${reason(cause)}): expected results.json or the directory of a run`,
    ]);
  }
  const reading = readResults(file, text);
  if ('problems' in reading) throw new UsageError(reading.problems);
  return { file, results: reading.results };
};

/** What the journal tells of a run that left no results. */
const resultsOfKilledRun = (directory: string): ResultsFile | undefined => {
  const file = join(directory, files.journal);
  if (!existsSync(file)) return undefined;
  const results = resultsOfJournal(readFileSync(file, 'utf8'));
  return results === undefined ? undefined : { file, results };
};

/**
 * Every `results.json` that a place means: itself, in it, or in the directories directly below it, as artefacts of several
 * jobs are laid out. None means a run that left no results.
 */
export const resultsBelow = (place: string): readonly string[] => {
  if (!existsSync(place)) throw new UsageError([`${place} does not exist: expected a directory of results`]);
  return isDirectory(place) ? namedBelow(place, files.results) : basename(place) === partName ? [] : [place];
};

/** Every part of a campaign that a place means, likewise. */
export const partsBelow = (place: string): readonly string[] =>
  isDirectory(place) ? namedBelow(place, partName) : basename(place) === partName ? [place] : [];

const namedBelow = (directory: string, name: string): readonly string[] => {
  const own = join(directory, name);
  if (existsSync(own)) return [own];
  return readdirSync(directory)
    .sort()
    .map((below) => join(directory, below, name))
    .filter((file) => existsSync(file));
};

const isDirectory = (place: string): boolean => statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
