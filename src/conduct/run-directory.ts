/** The directory of one run: made at the beginning, with the journal open for appending whole lines. */
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { evidenceDirectory } from '../report/evidence.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { reason } from './failure.js';
import { UsageError } from './usage-error.js';

export interface RunDirectory {
  readonly path: string;
  /** Appends to `journal.ndjson`; throws when it cannot be kept. */
  journal(line: string): void;
  /** Where a case's evidence goes: for writing, and as results name it. */
  evidenceOf(
    result: Pick<CaseResult, 'subject' | 'id'>,
    attempt: number,
  ): { readonly path: string; readonly name: string };
  writeResults(results: Results): void;
  close(): void;
}

export const files = {
  journal: 'journal.ndjson',
  results: 'results.json',
  page: 'report.html',
  evidence: 'evidence',
} as const;

/** One level after the other: Node's own recursive mkdir never returns where a file system answers ENOENT, as /proc does. */
const makeDirectory = (path: string): void => {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
};

/** Where the evidence of a case goes, below the directory of a run of one subject or several. */
const evidencePlace = (
  directory: string,
  several: boolean,
  result: Pick<CaseResult, 'subject' | 'id'>,
  attempt: number,
): { readonly path: string; readonly name: string } => {
  const path = join(directory, files.evidence, evidenceDirectory(result, several, attempt));
  return { path, name: relative(directory, path) };
};

/** Throws a UsageError when the directory cannot be made. */
export const openRunDirectory = (path: string, several: boolean): RunDirectory => {
  let journal: number;
  try {
    makeDirectory(resolve(path));
    journal = openSync(join(path, files.journal), 'w');
  } catch (cause) {
    throw new UsageError([
      `the results cannot be kept in ${path}: ${reason(cause)}; name another directory with --out`,
    ]);
  }
  return {
    path,
    journal(line) {
      const octets = Buffer.from(line);
      try {
        for (let written = 0; written < octets.length; ) written += writeSync(journal, octets, written);
      } catch (cause) {
        throw new Error(`the journal ${join(path, files.journal)} cannot be written: ${reason(cause)}`);
      }
    },
    evidenceOf: (result, attempt) => evidencePlace(path, several, result, attempt),
    writeResults: (results) => writeFileSync(join(path, files.results), `${JSON.stringify(results, null, 2)}\n`),
    close: () => closeSync(journal),
  };
};
