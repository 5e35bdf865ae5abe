/** The directory of one run: made at the beginning, with the journal open for appending whole lines. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isAlive, thisProcess } from '../net/lab/namespace-name.js';
import { evidenceDirectory } from '../report/evidence.js';
import type { CaseResult, Results } from '../suite/verdict/results.js';
import { reason } from './failure.js';
import { UsageError } from './usage-error.js';

export interface RunDirectory {
  readonly path: string;
  /** Appends to `journal.ndjson`; throws if it cannot be written. */
  journal(line: string): void;
  /** The directory of a case's evidence: for writing, and as results name it. */
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

/**
 * Makes one level after the other: Node's recursive mkdir never returns if a file system answers ENOENT, as /proc does.
 */
const makeDirectory = (path: string): void => {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path);
  } catch (cause) {
    // Another run may have made it in between: several begin below one directory at the same time.
    if (!existsSync(path)) throw cause;
  }
};

/** The directory for the evidence of a case, below that of a run of one subject or several. */
const evidencePlace = (
  directory: string,
  several: boolean,
  result: Pick<CaseResult, 'subject' | 'id'>,
  attempt: number,
): { readonly path: string; readonly name: string } => {
  const path = join(directory, files.evidence, evidenceDirectory(result, several, attempt));
  return { path, name: relative(directory, path) };
};

/** Writes the whole file or none: if writing fails, no file of that name is left. */
const writeWhole = (file: string, text: string): void => {
  const beginning = `${file}.part`;
  const descriptor = openSync(beginning, 'w');
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (cause) {
    rmSync(beginning, { force: true });
    throw cause;
  } finally {
    closeSync(descriptor);
  }
  renameSync(beginning, file);
};

/** The process that writes there: process id and start time. */
const lockFile = 'lock';

/** Creates a file with its text atomically, or throws EEXIST: no reader sees the file without its text. */
const makeWhole = (file: string, text: string, owner: number): void => {
  const own = `${file}.${owner}`;
  try {
    writeFileSync(own, text);
    linkSync(own, file);
  } finally {
    rmSync(own, { force: true });
  }
};

/** Throws a UsageError while another running run has the directory. */
const lock = (path: string): (() => void) => {
  const file = join(path, lockFile);
  const own = thisProcess();
  for (;;) {
    try {
      makeWhole(file, `${own.pid} ${own.start}\n`, own.pid);
      return () => {
        try {
          rmSync(file, { force: true });
        } catch {
          // It belongs to this process, and is void after its end.
        }
      };
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
      const [pid = 0, start = 0] = readFileSync(file, 'utf8').trim().split(' ').map(Number);
      if (pid !== 0 && isAlive({ pid, start }))
        throw new UsageError([
          `another run, of process ${pid}, keeps its results in ${path}: wait for its end, or name another directory with --out`,
        ]);
      // Its run was killed.
      rmSync(file, { force: true });
    }
  }
};

/**
 * Throws a UsageError if the directory cannot be made, or another run has it. Results of an earlier run in it are
 * removed.
 */
export const openRunDirectory = (path: string, several: boolean): RunDirectory => {
  let journal: number;
  let unlock: () => void;
  if (existsSync(path) && !statSync(path).isDirectory())
    throw new UsageError([
      `the results cannot be kept in ${path}: a file, a directory was expected; name one with --out`,
    ]);
  try {
    makeDirectory(resolve(path));
    unlock = lock(path);
    for (const stale of [files.results, files.page]) rmSync(join(path, stale), { force: true });
    journal = openSync(join(path, files.journal), 'w');
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
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
    writeResults: (results) => writeWhole(join(path, files.results), `${JSON.stringify(results, null, 2)}\n`),
    close: () => {
      closeSync(journal);
      unlock();
    },
  };
};
