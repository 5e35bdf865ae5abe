/** One subject's part of a run: all its cases once, then the red ones as often as requested for confirmation. */
import type { Assignment } from '../run/assignment.js';
import { attemptSeed, confirm } from '../run/confirm.js';
import type { RunEnd } from '../run/ledger.js';
import { shuffle } from '../run/order.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { conductSimulated } from './conduct-simulated.js';
import type { Conductor } from './conductor.js';
import { keepingOf } from './evidence-keeping.js';
import { reason } from './failure.js';
import { conductLive } from './live/conduct-live.js';
import type { Account } from './run-account.js';
import type { RunDirectory } from './run-directory.js';
import type { RunRequest } from './run-request.js';

/** State shared by the subjects of a run. */
export interface RunFrame {
  readonly request: RunRequest;
  readonly directory: RunDirectory;
  readonly account: Account;
  readonly conductor: Conductor;
  readonly interruption: AbortSignal;
}

/** Some cases of a subject, run once. */
interface Turn extends RunFrame {
  readonly assignment: Assignment;
  /** Which time these cases are run, from 1. */
  readonly attempt: number;
}

export class SubjectRun {
  readonly #assignment: Assignment;
  readonly #frame: RunFrame;
  readonly #results: CaseResult[] = [];
  readonly #begun = new Set<string>();
  #coast: () => void = () => {};
  /**
   * Settles when only waiting for begun cases is left. Only for a subject in a lab, which disturbs no other subject; for
   * others it may never settle.
   */
  readonly coasting: Promise<void>;

  constructor(assignment: Assignment, frame: RunFrame) {
    this.#assignment = assignment;
    this.#frame = frame;
    this.coasting = new Promise((resolve) => {
      this.#coast = resolve;
    });
  }

  /** Runs every case once. Gives the reason if it ended early. */
  judge(): Promise<RunEnd> {
    const { account } = this.#frame;
    return takeTurn({
      ...this.#frame,
      assignment: this.#assignment,
      attempt: 1,
      account: {
        began: (subject, id) => {
          account.began(subject, id);
          this.#noteBegun(id);
        },
        finished: (result) => {
          this.#results.push(result);
          account.finished(result);
        },
        confirmed: (result) => account.confirmed(result),
        learned: (...facts) => account.learned(...facts),
        warned: (text) => account.warned(text),
        reported: (report) => account.reported(report),
      },
    });
  }

  /**
   * Runs the red ones again; before each attempt `tell` gets their number, the number of the attempt, and of all
   * attempts.
   */
  confirm(tell: (cases: number, attempt: number, attempts: number) => void): Promise<RunEnd> {
    const { request, account } = this.#frame;
    const { subject, cases } = this.#assignment;
    return confirm({
      results: this.#results,
      times: request.confirm,
      again: (ids, attempt, finished) => {
        tell(ids.size, attempt, request.confirm + 1);
        return takeTurn({
          ...this.#frame,
          assignment: { subject, cases: cases.filter(({ id }) => ids.has(id)) },
          request: { ...request, seed: attemptSeed(request.seed, attempt) },
          attempt,
          account: {
            began: (name, id) => account.began(name, id),
            finished,
            confirmed: (result) => account.confirmed(result),
            // Measurements are those of the run that judged every case.
            learned: () => {},
            warned: (text) => account.warned(text),
            reported: (report) => account.reported(report),
          },
        });
      },
      confirmed: (result) => account.confirmed(result),
    });
  }

  #noteBegun(id: string): void {
    const { subject, cases } = this.#assignment;
    this.#begun.add(id);
    const inLab = subject.time === 'real' && subject.lab !== undefined;
    if (inLab && this.#begun.size === cases.length) this.#coast();
  }
}

const takeTurn = async (turn: Turn): Promise<RunEnd> => {
  const { assignment, attempt, request, directory, account, conductor, interruption } = turn;
  const { subject } = assignment;
  try {
    if (subject.time === 'real') return await conductLive({ ...turn, subject });
    const cases = request.shuffle ? shuffle(assignment.cases, request.seed) : assignment.cases;
    await conductSimulated({
      subject,
      cases,
      seed: request.seed,
      account,
      keeping: keepingOf(subject, attempt, request, directory, conductor),
      interruption,
    });
    return interruption.aborted ? { end: 'interrupted' } : { end: 'complete' };
  } catch (cause) {
    return { end: 'failed', why: reason(cause) };
  }
};
