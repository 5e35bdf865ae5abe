/**
 * The score of the catalogue against mutants of the reference's code: of those that change packets, how many a case noticed.
 *
 *     score = killed / (killed + survived)
 *
 * Mutants that changed no packet in any exercise cannot be noticed on a wire and do not count, nor do those that no
 * exercise reached.
 */
import type { schema } from '@stryker-mutator/api/core';

/** Begins the message of a mutant that changed no packet. */
export const noPacketChanged = 'no packet changed';

export interface Tally {
  readonly killed: number;
  readonly survived: number;
  readonly unchanged: number;
  readonly unreached: number;
  /** Tried without an outcome: the trial itself broke, or was not over in time. */
  readonly broken: number;
}

export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly mutator: string;
  /** What stood there and what replaced it, in one line each. */
  readonly was: string;
  readonly became: string;
}

type Kind = keyof Tally;

const kindOf = ({ status, statusReason }: schema.MutantResult): Kind | undefined => {
  switch (status) {
    case 'Killed':
      return 'killed';
    case 'Survived':
      return 'survived';
    case 'NoCoverage':
      return 'unreached';
    case 'RuntimeError':
      return statusReason?.startsWith(noPacketChanged) === true ? 'unchanged' : 'broken';
    case 'Timeout':
    case 'CompileError':
    case 'Pending':
      return 'broken';
    case 'Ignored':
      return undefined;
  }
};

const none: Tally = { killed: 0, survived: 0, unchanged: 0, unreached: 0, broken: 0 };

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

/** Folder by folder, in the order of their names. */
export const tallyByFolder = ({ files }: schema.MutationTestResult): ReadonlyMap<string, Tally> => {
  const tallies = new Map<string, Tally>();
  for (const [file, { mutants }] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const mutant of mutants) {
      const kind = kindOf(mutant);
      const tally = tallies.get(folderOf(file)) ?? none;
      if (kind !== undefined) tallies.set(folderOf(file), { ...tally, [kind]: tally[kind] + 1 });
    }
  }
  return tallies;
};

export const sumOf = (tallies: Iterable<Tally>): Tally => {
  let sum = none;
  for (const tally of tallies) {
    sum = {
      killed: sum.killed + tally.killed,
      survived: sum.survived + tally.survived,
      unchanged: sum.unchanged + tally.unchanged,
      unreached: sum.unreached + tally.unreached,
      broken: sum.broken + tally.broken,
    };
  }
  return sum;
};

/** In percent; undefined where no mutant changes packets. */
export const scoreOf = ({ killed, survived }: Tally): number | undefined =>
  killed + survived === 0 ? undefined : (100 * killed) / (killed + survived);

/** In the order of files and lines. */
export const survivorsOf = ({ files }: schema.MutationTestResult): readonly Survivor[] =>
  Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([file, { source, mutants }]) =>
      mutants
        .filter((mutant) => kindOf(mutant) === 'survived')
        .map(({ location, mutatorName, replacement }) => ({
          file,
          line: location.start.line,
          column: location.start.column,
          mutator: mutatorName,
          was: inOneLine(excerpt(source, location)),
          became: inOneLine(replacement ?? ''),
        }))
        .sort((a, b) => a.line - b.line || a.column - b.column),
    );

/** Lines and columns count from 1; the end is exclusive. */
const excerpt = (source: string, { start, end }: schema.Location): string => {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join('\n');
};

const longestExcerpt = 90;

const inOneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= longestExcerpt ? line : `${line.slice(0, longestExcerpt - 1)}…`;
};
