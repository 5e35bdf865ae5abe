/**
 * A whole run: planned, every subject in turn, and the results. Throws a UsageError if it cannot begin; after that it
 * always gives results.
 */
import type { RunEnd } from '../run/ledger.js';
import type { Catalogue } from '../suite/catalogue/catalogue.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { CaseResult, SubjectRecord } from '../suite/verdict/results.js';
import type { Conductor } from './conductor.js';
import { describeSubject } from './describe-subject.js';
import { planRun } from './plan-run.js';
import { type ClosedAccount, RunAccount } from './run-account.js';
import { openRunDirectory } from './run-directory.js';
import type { RunRequest } from './run-request.js';
import { SubjectRun } from './subject-run.js';

/** Progress of a run. */
export interface RunWatcher {
  /** Before the first case: who will be judged by how many cases. */
  begins(subjects: readonly { readonly record: SubjectRecord; readonly cases: readonly ExpandedCase[] }[]): void;
  judged(count: number, red: number, result: CaseResult): void;
  /** News for the user, e.g. that an implementation died; the results also contain it. */
  told(text: string): void;
  /** Every case was judged; the red ones of a subject run again: number of the attempt, and of all attempts. */
  confirms(cases: number, attempt: number, attempts: number): void;
  /** After the last case, before results are written. */
  ends(): void;
}

export interface ConductedRun extends ClosedAccount {
  readonly directory: string;
  /** The whole catalogue, whatever the selection. */
  readonly catalogue: Catalogue;
}

/** `interruption` stops it in an orderly way. */
export const conductRun = async (
  request: RunRequest,
  conductor: Conductor,
  watcher: RunWatcher,
  interruption: AbortSignal,
): Promise<ConductedRun> => {
  const plan = planRun(request, conductor.workingDirectory);
  if (plan.assignments.some(({ subject }) => subject.time === 'real')) await conductor.checkLive();
  const directory = openRunDirectory(request.out, plan.assignments.length > 1);
  watcher.begins(plan.assignments.map(({ subject, cases }) => ({ record: describeSubject(subject), cases })));
  const account = new RunAccount({ plan, request, directory, conductor, judged: watcher.judged, told: watcher.told });
  const runs = plan.assignments.map(
    (assignment) => new SubjectRun(assignment, { request, directory, account, conductor, interruption }),
  );
  const end: RunEnd =
    account.problem === undefined
      ? await conductSubjects(runs, watcher.confirms)
      : { end: 'failed', why: account.problem };
  watcher.ends();
  const closed = account.close(interruption.aborted ? { end: 'interrupted' } : end);
  return { ...closed, directory: directory.path, catalogue: plan.catalogue };
};

const complete: RunEnd = { end: 'complete' };

/**
 * Runs one subject after the other until one does not finish. The next one begins while the last cases of the former only
 * wait: each lab has namespaces of its own, and two busy labs would disturb each other's times.
 */
const conductSubjects = async (runs: readonly SubjectRun[], confirms: RunWatcher['confirms']): Promise<RunEnd> => {
  const ends: RunEnd[] = [];
  const failed = (): RunEnd | undefined => ends.find(({ end }) => end !== 'complete');
  const judged: Promise<unknown>[] = [];
  for (const run of runs) {
    if (failed() !== undefined) break;
    const ended = run.judge().then((end) => ends.push(end));
    judged.push(ended);
    await Promise.race([ended, run.coasting]);
  }
  await Promise.all(judged);
  for (const run of runs) {
    if (failed() !== undefined) break;
    ends.push(await run.confirm(confirms));
  }
  return failed() ?? complete;
};
