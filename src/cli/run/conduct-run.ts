/**
 * A whole run: catalogue and selection, subjects and assignment, the ledger with its journal, every subject in turn, and
 * the results. Throws a UsageError when it cannot even begin; from then on it always gives results.
 */
import type { Subject } from '../../iut/subject.js';
import { printable } from '../../protocol/bytes/printable.js';
import { assign } from '../../run/assignment.js';
import { openLedger, type RunEnd } from '../../run/ledger.js';
import type { ExpandedCase } from '../../suite/catalogue/case.js';
import type { Catalogue } from '../../suite/catalogue/catalogue.js';
import {
  type CaseResult,
  type Results,
  resultsFormat,
  type SubjectRecord,
  totalsOf,
} from '../../suite/verdict/results.js';
import { describeEnvironment, toolName } from '../environment.js';
import { dealShard } from '../gate/shard-options.js';
import { UsageError } from '../usage-error.js';
import { conductSubject } from './conduct-subject.js';
import { describeSubject } from './describe-subject.js';
import { loadSoundCatalogue, selectOrRefuse } from './load-catalogue.js';
import { isRed } from './record-case.js';
import { openRunDirectory, type RunDirectory, reason } from './run-directory.js';
import type { RunRequest } from './run-request.js';
import { subjectsOf } from './subjects-of.js';

/** What a run tells while it goes on. */
export interface RunWatcher {
  /** Before the first case: who will be judged by how many cases. */
  begins(subjects: readonly { readonly record: SubjectRecord; readonly cases: readonly ExpandedCase[] }[]): void;
  judged(count: number, red: number, result: CaseResult): void;
  /** Every case was judged; the red ones are run again: which time of how many. */
  confirms(cases: number, attempt: number, attempts: number): void;
  /** After the last case, before results are written. */
  ends(): void;
}

/** Lets somebody else stop a run under way: Ctrl-C. */
export interface Interruption {
  readonly interrupted: () => boolean;
  /** Registers what stops the part that is under way. */
  onInterrupt(stop: () => void): void;
}

export interface ConductedRun {
  readonly results: Results;
  readonly directory: string;
  /** All of it, whatever was selected. */
  readonly catalogue: Catalogue;
  /** Set when `results.json` could not be written: the results above exist only here. */
  readonly unwritten?: string;
}

export const conductRun = async (
  request: RunRequest,
  standing: string,
  watcher: RunWatcher,
  interruption: Interruption,
): Promise<ConductedRun> => {
  const subjects = subjectsOf(request.iut);
  const catalogue = loadSoundCatalogue(request.catalogue, standing);
  const selected = request.replayed === undefined ? selectOrRefuse(catalogue, request.selection) : [request.replayed];
  const dealt = request.shard === undefined ? undefined : dealShard(selected, request.shard);
  const cases = dealt?.cases ?? selected;
  const { assignments, notApplicable } = assign(subjects, cases, request.exhaustive);
  // Nothing in a shard may apply where something in the others does: the merge judges that.
  if (assignments.length === 0 && dealt === undefined) throw nothingApplies(subjects, cases, notApplicable);
  const began = new Date();
  const directory = openRunDirectory(request.out, assignments.length > 1);
  const named = new Set([
    ...assignments.map(({ subject }) => subject.name),
    ...notApplicable.map((each) => each.subject),
  ]);
  const records = new Map(
    subjects.filter(({ name }) => named.has(name)).map((subject) => [subject.name, describeSubject(subject)]),
  );
  const warnings: string[] = [];
  let judged = 0;
  let red = 0;
  let end: RunEnd = { end: 'complete' };
  watcher.begins(assignments.map(({ subject, cases: its }) => ({ record: describeSubject(subject), cases: its })));
  // A journal that cannot be begun ends the run before it starts, like one that cannot be continued.
  let ledger: ReturnType<typeof openLedger>;
  try {
    ledger = openLedger(assignments, notApplicable, directory.journal);
  } catch (cause) {
    end = { end: 'failed', why: reason(cause) };
    ledger = openLedger(assignments, notApplicable, () => {});
  }
  const noting: typeof ledger = {
    ...ledger,
    finished(result) {
      ledger.finished(result);
      judged += 1;
      if (isRed(result)) red += 1;
      watcher.judged(judged, red, result);
    },
  };
  for (const assignment of assignments) {
    if (end.end !== 'complete') break;
    const learned = (facts: Readonly<Record<string, string>>, implementation?: string): void => {
      const record = records.get(assignment.subject.name);
      if (record === undefined) return;
      const named = implementation === undefined ? {} : { implementation: printable(implementation) };
      records.set(record.name, { ...record, ...named, facts: { ...record.facts, ...facts } });
    };
    end = await conductSubject({
      assignment,
      request,
      ledger: noting,
      directory,
      interruption,
      learned,
      warned: (text) => warnings.push(text),
      confirms: watcher.confirms,
      confirmed: ledger.finished,
    });
  }
  watcher.ends();
  if (interruption.interrupted()) end = { end: 'interrupted' };
  const results: Results = {
    format: resultsFormat,
    run: {
      id: directory.path.split('/').at(-1) ?? directory.path,
      tool: toolName(),
      command: [...request.command],
      seed: request.seed,
      began: began.toISOString(),
      duration: Date.now() - began.getTime(),
      ...completeness(end, ledger.judged() === ledger.planned),
      ...(dealt === undefined ? {} : { shard: dealt.record }),
      warnings,
    },
    environment: describeEnvironment(),
    subjects: [...records.values()],
    ...listed(ledger.close(end)),
  };
  return { results, directory: directory.path, catalogue, ...write(directory, results) };
};

const nothingApplies = (
  subjects: readonly Subject[],
  cases: readonly ExpandedCase[],
  notApplicable: readonly CaseResult[],
): UsageError => {
  const names = subjects.map(({ name }) => name).join(', ');
  const [first] = notApplicable;
  return new UsageError([
    `nothing to run: none of the ${cases.length} selected cases applies to ${names}`,
    ...(first === undefined ? [] : [`${first.id}: ${first.sentence}`]),
  ]);
};

const completeness = (end: RunEnd, allJudged: boolean) => ({
  complete: end.end === 'complete' && allJudged,
  interrupted: end.end === 'interrupted',
  ...(end.end === 'failed' ? { problem: printable(end.why) } : {}),
});

const listed = (cases: readonly CaseResult[]): Pick<Results, 'totals' | 'cases'> => ({
  totals: totalsOf(cases),
  cases: [...cases],
});

const write = (directory: RunDirectory, results: Results): { readonly unwritten?: string } => {
  try {
    directory.journal(`${JSON.stringify({ end: results.run, totals: results.totals })}\n`);
  } catch {
    // The results below tell the same; whether they can be kept decides.
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
