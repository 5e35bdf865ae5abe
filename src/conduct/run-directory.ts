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

/** All of it or nothing: what cannot be written to its end leaves no file of that name. */
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

/** Who writes there now: process id and start time. */
const lockFile = 'lock';

/** Makes a file with its text, or throws EEXIST: nobody sees it without the text, as when it is opened first and written then. */
const makeWhole = (file: string, text: string, owner: number): void => {
  const own = `${file}.${owner}`;
  try {
    writeFileSync(own, text);
    linkSync(own, file);
  } finally {
    rmSync(own, { force: true });
  }
};

/** Throws a UsageError while another run that still goes on has the directory. */
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
          // It is this process's, and void when that has ended.
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

/** Throws a UsageError when the directory cannot be made, or another run has it. What an earlier run had found there is gone. */
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
