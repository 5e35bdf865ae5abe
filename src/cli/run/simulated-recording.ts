/** How the cases of a simulated subject are recorded. */
import type { SimulatedSubject } from '../../iut/subject.js';
import { describeEnvironment, toolName } from '../environment.js';
import { keptOf, repeatCommand } from './conduct-live.js';
import { describeSubject } from './describe-subject.js';
import type { Recording } from './record-case.js';
import type { RunDirectory } from './run-directory.js';
import type { RunRequest } from './run-request.js';

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
