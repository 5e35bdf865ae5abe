/** Stryker's results for the mutants of one file, as counted. */
import type { schema } from '@stryker-mutator/api/core';
import type { FileScore } from '../cli/mutation/mutation-score.js';

/** Begins the message of a mutant that changed no packet. */
export const noPacketChanged = 'no packet changed';

type Kind = 'survived' | Exclude<keyof FileScore, 'survivors'>;

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

/** `source`: of the file. */
export const scoreOfFile = (source: string, mutants: readonly schema.MutantResult[]): FileScore => {
  const count = (kind: Kind): number => mutants.filter((mutant) => kindOf(mutant) === kind).length;
  return {
    killed: count('killed'),
    unchanged: count('unchanged'),
    unreached: count('unreached'),
    broken: count('broken'),
    survivors: mutants
      .filter((mutant) => kindOf(mutant) === 'survived')
      .map(({ location, mutatorName, replacement }) => ({
        line: location.start.line,
        column: location.start.column,
        mutator: mutatorName,
        was: inOneLine(excerpt(source, location)),
        became: inOneLine(replacement ?? ''),
      }))
      .sort((a, b) => a.line - b.line || a.column - b.column || (a.became < b.became ? -1 : 1)),
  };
};

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
