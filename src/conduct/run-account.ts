/**
 * The account of a run: begun cases, results, findings about the subjects, and warnings. It is kept in the ledger and its
 * journal, and becomes the results when it is closed.
 */
import { printable } from '../protocol/bytes/printable.js';
import { type Ledger, openLedger, type RunEnd } from '../run/ledger.js';
import {
  type CaseResult,
  type Results,
  resultsFormat,
  type SelfReport,
  type SubjectRecord,
  totalsOf,
} from '../suite/verdict/results.js';
import type { Conductor } from './conductor.js';
import { describeSubject } from './describe-subject.js';
import { reason } from './failure.js';
import type { RunPlan } from './plan-run.js';
import { isRed } from './record-case.js';
import type { RunDirectory } from './run-directory.js';
import type { RunRequest } from './run-request.js';

/** Reports of a runner of cases. */
export interface Account {
  began(subject: string, id: string): void;
  finished(result: CaseResult): void;
  /** A case that was run again, with every attempt so far; it replaces the earlier result. */
  confirmed(result: CaseResult): void;
  /** Findings about a subject and the path to it. */
  learned(subject: string, facts: Readonly<Record<string, string>>, implementation?: string): void;
  warned(text: string): void;
  /** Reports of the subject about itself. */
  reported(report: SelfReport): void;
}

export interface ClosedAccount {
  readonly results: Results;
  /** Set if `results.json` could not be written: the results exist only here. */
  readonly unwritten?: string;
}

/** The run of an account. `judged` is called for each case, with the number of judged cases and of red ones. */
export interface AccountedRun {
  readonly plan: RunPlan;
  readonly request: RunRequest;
  readonly directory: RunDirectory;
  readonly conductor: Conductor;
  readonly judged: (count: number, red: number, result: CaseResult) => void;
  /** Called with news for the user. */
  readonly told: (text: string) => void;
}

export class RunAccount implements Account {
  readonly #plan: RunPlan;
  readonly #request: RunRequest;
  readonly #directory: RunDirectory;
  readonly #judged: AccountedRun['judged'];
  readonly #told: AccountedRun['told'];
  readonly #conductor: Conductor;
  readonly #began: Date;
  readonly #beganAt: number;
  readonly #records: Map<string, SubjectRecord>;
  readonly #warnings: string[] = [];
  readonly #selfReports: SelfReport[] = [];
  readonly #ledger: Ledger;
  /** Why the account cannot be kept. */
  readonly problem: string | undefined;
  #count = 0;
  #red = 0;

  constructor({ plan, request, directory, conductor, judged, told }: AccountedRun) {
    this.#plan = plan;
    this.#request = request;
    this.#directory = directory;
    this.#conductor = conductor;
    this.#judged = judged;
    this.#told = told;
    this.#began = conductor.now();
    this.#beganAt = conductor.elapsed();
    this.#records = new Map(plan.subjects.map((subject) => [subject.name, describeSubject(subject)]));
    const { ledger, problem } = openSomeLedger(plan, directory, {
      run: this.#beginning(),
      environment: conductor.environment,
      subjects: [...this.#records.values()],
    });
    this.#ledger = ledger;
    this.problem = problem;
  }

  began(subject: string, id: string): void {
    this.#ledger.began(subject, id);
  }

  finished(result: CaseResult): void {
    this.#ledger.finished(result);
    this.#count += 1;
    if (isRed(result)) this.#red += 1;
    this.#judged(this.#count, this.#red, result);
  }

  confirmed(result: CaseResult): void {
    this.#ledger.finished(result);
  }

  learned(subject: string, facts: Readonly<Record<string, string>>, implementation?: string): void {
    const record = this.#records.get(subject);
    if (record === undefined) return;
    const named = implementation === undefined ? {} : { implementation: printable(implementation) };
    this.#records.set(subject, { ...record, ...named, facts: { ...record.facts, ...facts } });
  }

  warned(text: string): void {
    this.#warnings.push(text);
    this.#told(text);
  }

  reported(report: SelfReport): void {
    this.#selfReports.push(report);
  }

  /** Makes the results, and writes them. */
  close(end: RunEnd): ClosedAccount {
    const cases = [...this.#ledger.close(end)];
    const results: Results = {
      format: resultsFormat,
      run: this.#describeRun(end),
      environment: this.#conductor.environment,
      subjects: [...this.#records.values()],
      totals: totalsOf(cases),
      cases,
    };
    return { results, ...write(this.#directory, results) };
  }

  #describeRun(end: RunEnd): Results['run'] {
    return {
      ...this.#beginning(),
      duration: Math.round(this.#conductor.elapsed() - this.#beganAt),
      complete: end.end === 'complete' && this.#ledger.judged() === this.#ledger.planned,
      interrupted: end.end === 'interrupted',
      ...(end.end === 'failed'
        ? { problem: printable(end.detail === undefined ? end.why : `${end.why}; ${end.detail}`) }
        : {}),
      warnings: this.#warnings,
      ...(this.#selfReports.length === 0 ? {} : { selfReports: this.#selfReports }),
    };
  }

  /** The facts of the run at its beginning. */
  #beginning() {
    const { command, seed } = this.#request;
    const { path } = this.#directory;
    const { shard } = this.#plan;
    return {
      id: path.split('/').at(-1) ?? path,
      tool: this.#conductor.tool,
      command: [...command],
      seed,
      began: this.#began.toISOString(),
      ...(shard === undefined ? {} : { shard }),
    };
  }
}

/** A journal that cannot be opened prevents the run, as one that cannot be continued ends it. */
const openSomeLedger = (
  { assignments, notApplicable }: RunPlan,
  directory: RunDirectory,
  head: object,
): { readonly ledger: Ledger; readonly problem: string | undefined } => {
  try {
    return { ledger: openLedger(assignments, notApplicable, directory.journal, head), problem: undefined };
  } catch (cause) {
    return { ledger: openLedger(assignments, notApplicable, () => {}), problem: reason(cause) };
  }
};

const write = (directory: RunDirectory, results: Results): Pick<ClosedAccount, 'unwritten'> => {
  try {
    directory.journal(`${JSON.stringify({ end: results.run, totals: results.totals })}\n`);
  } catch {
    // The results below contain the same; whether they can be written decides.
  }
  try {
    directory.writeResults(results);
    return {};
  } catch (cause) {
    return { unwritten: `results.json could not be written to ${directory.path}: ${reason(cause)}` };
  } finally {
    directory.close();
  }
};
