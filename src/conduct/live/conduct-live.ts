/**
 * Runs a live subject: makes its lab, starts the runner in the tester's namespace, keeps the account from its reports,
 * and always takes the lab down again.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { LiveSubject } from '../../iut/subject.js';
import { createLab, type Lab } from '../../net/lab/lab.js';
import { sweep } from '../../net/lab/sweep.js';
import { writeLossless } from '../../report/lossless-json.js';
import type { Assignment } from '../../run/assignment.js';
import type { RunEnd } from '../../run/ledger.js';
import type { RunnerReport } from '../../run/live/runner-messages.js';
import { sanityCase } from '../../run/live/sanity.js';
import { supervise } from '../../run/live/supervisor.js';
import { longestFirst, shuffle } from '../../run/order.js';
import { likelyWait } from '../../run/patience.js';
import type { Conductor } from '../conductor.js';
import { keptOf, repeatCommand } from '../evidence-keeping.js';
import { failureOf, tellFailure } from '../failure.js';
import type { Account } from '../run-account.js';
import { files, type RunDirectory } from '../run-directory.js';
import type { RunRequest } from '../run-request.js';

export interface LiveConduct {
  readonly assignment: Assignment;
  readonly subject: LiveSubject;
  readonly request: RunRequest;
  readonly account: Account;
  readonly directory: RunDirectory;
  readonly conductor: Conductor;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly interruption: AbortSignal;
}

/** Why the subject's run ended before its end, if it did. */
export const conductLive = async (conduct: LiveConduct): Promise<RunEnd> => {
  const { subject } = conduct;
  let lab: Lab | undefined;
  try {
    await subject.prepare?.({ environment: conduct.conductor.variables });
    if (subject.lab !== undefined) {
      await sweep();
      lab = await createLab(subject.lab);
    }
    return await superviseRunner(conduct, lab);
  } catch (cause) {
    return { end: 'failed', why: tellFailure(failureOf(cause)) };
  } finally {
    await lab?.remove();
  }
};

const superviseRunner = async (conduct: LiveConduct, lab: Lab | undefined): Promise<RunEnd> => {
  const { assignment, subject, request, account, directory, conductor, attempt, interruption } = conduct;
  const [program, ...argv] = conductor.runner;
  const start = (options: SpawnOptions): ChildProcess =>
    lab === undefined ? spawn(program, argv, options) : lab.exec('tb', [program, ...argv], options);
  const sanity = sanityCase(assignment.cases);
  const supervision = supervise(
    start,
    {
      iut: request.iut,
      subject: subject.name,
      ...(lab === undefined ? {} : { lab: { namespaces: lab.namespaces, paths: lab.paths.length } }),
      cases: writeLossless(orderOf(conduct)),
      ...(sanity === undefined ? {} : { sanity: sanity.id }),
      seed: request.seed,
      jobs: request.jobs,
      attempt,
      keep: keptOf(request, attempt),
      out: directory.path,
      evidence: files.evidence,
      command: repeatCommand(request, subject.name),
    },
    (report) => take(report, subject.name, account),
  );
  const stop = (): void => supervision.stop();
  if (interruption.aborted) stop();
  else interruption.addEventListener('abort', stop, { once: true });
  const ended = await supervision.ended;
  interruption.removeEventListener('abort', stop);
  if (interruption.aborted) return { end: 'interrupted' };
  switch (ended.end) {
    case 'done':
      return { end: 'complete' };
    case 'failed':
      return {
        end: 'failed',
        why: tellFailure(ended),
        ...(ended.detail === undefined ? {} : { detail: ended.detail }),
      };
  }
};

const take = (report: RunnerReport, subject: string, account: Account): void => {
  switch (report.report) {
    case 'opened':
      account.learned(subject, report.measured, report.implementation);
      break;
    case 'warning':
      account.warned(`${subject}: ${report.text}`);
      break;
    case 'self-report':
      account.reported(report.about);
      break;
    case 'began':
      account.began(subject, report.id);
      break;
    case 'result':
      account.finished(report.result);
      break;
    case 'done':
      account.learned(subject, report.measured);
      break;
    case 'failed':
      break;
  }
};

const orderOf = ({ assignment, request }: LiveConduct) =>
  request.shuffle
    ? shuffle(assignment.cases, request.seed)
    : longestFirst(assignment.cases, (each) => likelyWait(each.steps));
