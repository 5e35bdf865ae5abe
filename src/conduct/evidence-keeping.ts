/**
 * How the evidence of one subject's cases is kept: for which cases, in which directory, and with which command to repeat
 * one.
 */
import type { Subject } from '../iut/subject.js';
import type { EvidenceEnvironment } from '../report/evidence.js';
import type { CaseResult } from '../suite/verdict/results.js';
import type { Conductor } from './conductor.js';
import { describeSubject } from './describe-subject.js';
import type { RunDirectory } from './run-directory.js';
import type { RunRequest } from './run-request.js';

export interface EvidenceKeeping {
  readonly subject: string;
  readonly environment: EvidenceEnvironment;
  /** Whether green cases leave evidence as well. */
  readonly keep: 'red' | 'all';
  /** The directory of a case's evidence: for writing, and as results name it. */
  evidenceOf(result: Pick<CaseResult, 'subject' | 'id'>): { readonly path: string; readonly name: string };
  /** The command that repeats a case. */
  repeat(id: string): readonly string[];
}

/** For a subject whose cases run in this process, for the given attempt, from 1. */
export const keepingOf = (
  subject: Subject,
  attempt: number,
  request: RunRequest,
  directory: Pick<RunDirectory, 'evidenceOf'>,
  { tool, environment }: Pick<Conductor, 'tool' | 'environment'>,
): EvidenceKeeping => {
  const command = repeatCommand(request, subject.name);
  return {
    subject: subject.name,
    environment: { tool, environment, subject: describeSubject(subject) },
    keep: keptOf(request, attempt),
    evidenceOf: (result) => directory.evidenceOf(result, attempt),
    repeat: (id) => [...command, id],
  };
};

/** A case that is confirmed or replayed leaves evidence whatever its verdict is. */
export const keptOf = ({ keepAll }: RunRequest, attempt: number): EvidenceKeeping['keep'] =>
  attempt === 1 && keepAll !== true ? 'red' : 'all';

/** The command that repeats cases of this run, ids to be appended. */
export const repeatCommand = (request: RunRequest, subject: string): string[] => [
  'robe',
  'run',
  '--iut',
  // A subject of a file has its own name; the others have the names that `--iut` takes.
  request.iut.startsWith('embedded') || request.iut.startsWith('lab:') ? subject : request.iut,
  '--seed',
  request.seed,
  ...request.catalogue.flatMap((place) => ['--cases', place]),
];
