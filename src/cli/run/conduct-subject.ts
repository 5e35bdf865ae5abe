/** One subject's part of a run: all its cases once, and then those that came out red as often as they are to be confirmed. */
import type { Assignment } from '../../run/assignment.js';
import { attemptSeed, confirm } from '../../run/confirm.js';
import type { Ledger, RunEnd } from '../../run/ledger.js';
import { shuffle } from '../../run/order.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { conductLive, type LiveConduct } from './conduct-live.js';
import type { Interruption } from './conduct-run.js';
import { conductSimulated } from './conduct-simulated.js';
import { type RunDirectory, reason } from './run-directory.js';
import type { RunRequest } from './run-request.js';
import { recordingOf } from './simulated-recording.js';

export interface SubjectConduct extends Pick<LiveConduct, 'learned' | 'warned'> {
  readonly assignment: Assignment;
  readonly request: RunRequest;
  readonly ledger: Pick<Ledger, 'began' | 'finished'>;
  readonly directory: RunDirectory;
  readonly interruption: Interruption;
  /** Red cases are about to be run again. */
  readonly confirms: (cases: number, attempt: number, attempts: number) => void;
  /** A case that was run again, with every time so far; it replaces what the ledger was told of it. */
  readonly confirmed: (result: CaseResult) => void;
}

/** Why it ended before its end, if it did. */
export const conductSubject = async (conduct: SubjectConduct): Promise<RunEnd> => {
  const { assignment, request, ledger, confirms, confirmed } = conduct;
  const results: CaseResult[] = [];
  const end = await conductOnce(
    {
      ...conduct,
      ledger: {
        began: ledger.began,
        finished: (result) => {
          results.push(result);
          ledger.finished(result);
        },
      },
    },
    1,
  );
  if (end.end !== 'complete') return end;
  return confirm({
    results,
    times: request.confirm,
    again: (ids, attempt, finished) => {
      confirms(ids.size, attempt, request.confirm + 1);
      return conductOnce(
        {
          ...conduct,
          assignment: { ...assignment, cases: assignment.cases.filter(({ id }) => ids.has(id)) },
          request: { ...request, seed: attemptSeed(request.seed, attempt) },
          ledger: { began: ledger.began, finished },
          // What was measured is told of the run that judged every case.
          learned: () => {},
        },
        attempt,
      );
    },
    confirmed,
  });
};

const conductOnce = async (conduct: SubjectConduct, attempt: number): Promise<RunEnd> => {
  const { assignment, request, ledger, directory, interruption } = conduct;
  const { subject } = assignment;
  try {
    if (subject.time === 'real')
      return await conductLive({ ...conduct, subject, attempt, stoppable: interruption.onInterrupt });
    const cases = request.shuffle ? shuffle(assignment.cases, request.seed) : assignment.cases;
    await conductSimulated({
      subject,
      cases,
      seed: request.seed,
      ledger,
      recording: recordingOf(subject, request, attempt, directory),
      stopped: interruption.interrupted,
    });
    return interruption.interrupted() ? { end: 'interrupted' } : { end: 'complete' };
  } catch (cause) {
    return { end: 'failed', why: reason(cause) };
  }
};
