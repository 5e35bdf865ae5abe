/**
 * Reads the evidence of a case. It checks that the parts exist and have the form that the reader needs; the contents of
 * the plan are those of the program that wrote it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../suite/scenario/plan.js';
import type { Trace } from '../suite/trace/trace.js';
import { type CaseResult, caseResult, type SubjectRecord, subjectRecord } from '../suite/verdict/results.js';
import { evidenceFiles } from './evidence.js';
import { readLossless } from './lossless-json.js';

export interface KeptEvidence {
  readonly plan: Plan;
  readonly trace: Trace;
  readonly result: CaseResult;
}

/** Evidence that is missing or damaged; the message names the file. */
export class EvidenceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EvidenceError';
  }
}

/**
 * Processes evidence. The contents of a plan are not checked when it is read, so a changed file may fail only here: any
 * exception becomes an EvidenceError.
 */
export const withEvidence = <T>(directory: string, use: (evidence: KeptEvidence) => T): T => {
  const evidence = readEvidence(directory);
  try {
    return use(evidence);
  } catch (cause) {
    if (!(cause instanceof TypeError || cause instanceof RangeError || cause instanceof SyntaxError)) throw cause;
    throw new EvidenceError(`the evidence in ${directory} was changed since it was written: ${cause.message}`);
  }
};

export const readEvidence = (directory: string): KeptEvidence => {
  const result = caseResult.safeParse(read(directory, evidenceFiles.verdict));
  if (!result.success) throw new EvidenceError(`${join(directory, evidenceFiles.verdict)} holds no result of a case`);
  const plan = readPlan(directory);
  const trace = read(directory, evidenceFiles.trace);
  if (!isTrace(trace)) throw new EvidenceError(`${join(directory, evidenceFiles.trace)} holds no trace`);
  return { plan, trace, result: result.data };
};

const environment = z.object({ subject: subjectRecord });

/** The judged implementation, with claims and parameters; undefined if the evidence does not have them. */
export const readSubject = (directory: string): SubjectRecord | undefined => {
  if (!existsSync(join(directory, evidenceFiles.environment))) return undefined;
  const found = environment.safeParse(read(directory, evidenceFiles.environment));
  if (!found.success)
    throw new EvidenceError(`${join(directory, evidenceFiles.environment)} does not tell who was judged`);
  return found.data.subject;
};

/** The plan alone: the case as it was run, where, with which seed and settings. */
export const readPlan = (directory: string): Plan => {
  const plan = read(directory, evidenceFiles.plan);
  if (!isPlan(plan)) throw new EvidenceError(`${join(directory, evidenceFiles.plan)} holds no plan of a case`);
  return plan;
};

const read = (directory: string, name: string): unknown => {
  const file = join(directory, name);
  try {
    return readLossless(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (!existsSync(file))
      throw new EvidenceError(`${file} is not there: expected the directory of a case below evidence/`);
    throw new EvidenceError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isPlan = (value: unknown): value is Plan =>
  isRecord(value) &&
  typeof value['seed'] === 'string' &&
  isRecord(value['surroundings']) &&
  isRecord(value['timing']) &&
  isRecord(value['case']) &&
  Array.isArray(value['case']['steps']);

const isTrace = (value: unknown): value is Trace =>
  Array.isArray(value) &&
  value.every(
    (entry: unknown) =>
      isRecord(entry) &&
      typeof entry['at'] === 'bigint' &&
      isRecord(entry['entry']) &&
      ('event' in entry['entry'] || 'action' in entry['entry']),
  );
