/** One case of a simulated subject, with its evidence where it leaves any. */
import type { SimulatedSubject } from '../../iut/subject.js';
import { noVerdict } from '../../run/result.js';
import { simulateCase } from '../../run/simulate.js';
import type { ExpandedCase } from '../../suite/catalogue/case.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { describeEnvironment, toolName } from '../environment.js';
import { keptOf, repeatCommand } from './conduct-live.js';
import { describeSubject } from './describe-subject.js';
import { type Recording, recordCase } from './record-case.js';
import { type RunDirectory, reason } from './run-directory.js';
import type { RunRequest } from './run-request.js';

export const simulateRecorded = (
  subject: SimulatedSubject,
  each: ExpandedCase,
  seed: string,
  recording: Recording,
): CaseResult => {
  try {
    const { plan, driven } = simulateCase(subject, each, seed);
    return recordCase(each, plan, driven, recording);
  } catch (cause) {
    return noVerdict(subject.name, each, `the simulation failed: ${reason(cause)}`);
  }
};

/** How a simulated subject's cases are recorded, whichever thread runs them. */
export const recordingOf = (
  subject: SimulatedSubject,
  request: RunRequest,
  attempt: number,
  directory: Pick<RunDirectory, 'evidenceOf'>,
): Recording => {
  const command = repeatCommand(request, subject.name);
  return {
    subject: subject.name,
    environment: { tool: toolName(), environment: describeEnvironment(), subject: describeSubject(subject) },
    keep: keptOf(request, attempt),
    evidenceOf: (result) => directory.evidenceOf(result, attempt),
    repeat: (id) => [...command, id],
  };
};
