/**
 * Judges in several threads at once. Each has a catalogue and subjects of its own; what passes between are names and
 * verdicts. Which thread does what depends on time, what comes out does not.
 */
import { Worker } from 'node:worker_threads';
import type { ComparedSubject } from '../../iut/overheard-subject.js';
import type { SimulatedSubject } from '../../iut/subject.js';
import type { Outcome, OutcomesById } from '../../run/matrix/outcome.js';
import type { TriggerRow } from '../../run/matrix/trigger-trial.js';
import type { Trial } from '../../run/matrix/variant-trial.js';
import type { ExpandedCase } from '../../suite/language/case.js';

export interface JudgingSettings {
  /** Directories or files with cases; none: the bundled catalogue. */
  readonly places: readonly string[];
  readonly workingDirectory: string;
  readonly seed: string;
}

/** `judge` gives verdicts, `compare` what a variant changes, `confine` what becomes of a mutant with each trigger. */
export interface JudgingJob {
  readonly job: number;
  readonly task: 'judge' | 'compare' | 'confine';
  readonly subject: string;
  readonly ids: readonly string[];
}

export type JudgingOutcome = { readonly job: number } & (
  | { readonly outcomes: readonly (readonly [string, Outcome])[] }
  | { readonly trials: readonly Trial[] }
  | { readonly rows: readonly TriggerRow[] }
  | { readonly unknown: true }
);

interface Waiting {
  readonly job: JudgingJob;
  resolve(outcome: JudgingOutcome): void;
  reject(cause: Error): void;
}

export class JudgingPool {
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[] = [];
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<Worker, Waiting>();
  #jobs = 0;

  constructor(threads: number, settings: JudgingSettings) {
    this.#workers = Array.from({ length: threads }, () => this.#start(settings));
  }

  async judge(subject: SimulatedSubject, cases: readonly ExpandedCase[]): Promise<OutcomesById> {
    const outcome = await this.#ask('judge', subject, cases);
    return new Map('outcomes' in outcome ? outcome.outcomes : []);
  }

  async compare(subject: ComparedSubject, cases: readonly ExpandedCase[]): Promise<readonly Trial[]> {
    const outcome = await this.#ask('compare', subject, cases);
    return 'trials' in outcome ? outcome.trials : [];
  }

  /** The mutant of that id with each trigger. */
  async confine(id: string, cases: readonly ExpandedCase[]): Promise<readonly TriggerRow[]> {
    const outcome = await this.#ask('confine', { name: id }, cases);
    return 'rows' in outcome ? outcome.rows : [];
  }

  #ask(
    task: JudgingJob['task'],
    { name }: { readonly name: string },
    cases: readonly ExpandedCase[],
  ): Promise<JudgingOutcome> {
    this.#jobs += 1;
    const job: JudgingJob = { job: this.#jobs, task, subject: name, ids: cases.map(({ id }) => id) };
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(settings: JudgingSettings): Worker {
    const worker = new Worker(new URL('./judging-worker.js', import.meta.url), { workerData: settings });
    worker.on('message', (outcome: JudgingOutcome) => this.#finished(worker, outcome));
    worker.on('error', (cause) => this.#fail(cause instanceof Error ? cause : new Error(String(cause))));
    this.#idle.push(worker);
    return worker;
  }

  #finished(worker: Worker, outcome: JudgingOutcome): void {
    const waiting = this.#running.get(worker);
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (waiting === undefined) return;
    if ('unknown' in outcome) waiting.reject(new Error(`no thread can judge ${waiting.job.subject}`));
    else waiting.resolve(outcome);
    this.#dispatch();
  }

  #fail(cause: Error): void {
    for (const waiting of [...this.#running.values(), ...this.#queue.splice(0)]) waiting.reject(cause);
    this.#running.clear();
  }

  #dispatch(): void {
    for (let worker = this.#idle[0]; worker !== undefined; worker = this.#idle[0]) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      this.#idle.shift();
      this.#running.set(worker, waiting);
      worker.postMessage(waiting.job);
    }
  }
}
