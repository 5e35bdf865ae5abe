/** A run as a person sees it: introduced, with progress, stoppable by Ctrl-C, and concluded. */
import { join } from 'node:path';
import { type ConductedRun, conductRun } from '../../conduct/conduct-run.js';
import { files } from '../../conduct/run-directory.js';
import type { RunRequest } from '../../conduct/run-request.js';
import { printable } from '../../protocol/bytes/printable.js';
import { conclude, introduceAll, type Progress, showProgress } from '../../report/console.js';
import type { RunReport } from '../../report/reported-test.js';
import type { CaseResult, Results } from '../../suite/verdict/results.js';
import { folded } from '../output/fold.js';
import { writePage } from '../report/write-page.js';
import { onInterrupt } from '../signals.js';
import { describeTerminal } from '../terminal.js';
import { showHeartbeat } from './heartbeat.js';
import { markLatest } from './mark-latest.js';
import { thisProcess } from './this-process.js';

export interface PerformedRun extends ConductedRun {
  readonly report: RunReport;
}

export interface Presentation {
  /** Results as JSON on standard output; what is for people goes to standard error. */
  readonly json: boolean;
  /** Tells the run on standard output as it goes on; what is told otherwise goes to standard error. */
  readonly follower?: RunFollower | undefined;
}

/** Somebody who hears of each case: which there will be, and what came of one. */
export interface RunFollower {
  begins(planned: readonly { readonly subject: string; readonly id: string }[]): void;
  judged(result: CaseResult): void;
}

/** `judge` gates the results: what a person is told of first is what makes the gate red. */
export const performRun = async (
  request: RunRequest,
  { json, follower }: Presentation,
  judge: (results: Results) => RunReport,
): Promise<PerformedRun> => {
  const stream = json || follower !== undefined ? process.stderr : process.stdout;
  const terminal = describeTerminal(stream, process.env);
  // What a person watches goes where one is, also when the report itself goes elsewhere.
  const watched = terminal.interactive ? terminal : describeTerminal(process.stderr, process.env);
  const drawn = { ...watched, interactive: watched.interactive && follower === undefined };
  let introduction: readonly string[] = [];
  let progress: Progress | undefined;
  const interruption = new AbortController();
  const release = onInterrupt(() => interruption.abort());
  try {
    const conducted = await conductRun(
      request,
      thisProcess(),
      {
        begins: (subjects) => {
          introduction = introduceAll(subjects);
          if (drawn.interactive) drawn.stream.write(`${folded(introduction.join('\n'), drawn.stream)}\n`);
          const planned = subjects.flatMap(({ record, cases }) =>
            cases.map(({ id }) => ({ subject: record.name, id })),
          );
          progress = drawn.interactive
            ? showProgress(drawn, planned.length)
            : showHeartbeat(process.stderr, planned.length);
          follower?.begins(planned);
        },
        judged: (count, red, result) => {
          progress?.advance(count, red);
          follower?.judged(result);
        },
        told: (text) => {
          if (drawn.interactive) drawn.stream.write(`${printable(text)}\n`);
        },
        confirms: (cases, attempt, attempts) => {
          progress?.end();
          progress = undefined;
          const what = cases === 1 ? 'the red case' : `${cases} red cases`;
          if (drawn.interactive) drawn.stream.write(`confirming ${what}: time ${attempt} of ${attempts}\n`);
        },
        ends: () => progress?.end(),
      },
      interruption.signal,
    );
    const report = { ...judge(conducted.results), register: conducted.catalogue.requirements };
    stream.write(`${folded(conclude(report, conducted.directory, terminal.colours), stream)}\n`);
    const unwritten = conducted.unwritten ?? keepPage(conducted, report);
    if (unwritten === undefined) stream.write(`Report: ${join(conducted.directory, files.page)}\n`);
    markLatest(conducted.directory);
    if (!drawn.interactive) stream.write(`${introduction.join('\n')}\n`);
    if (unwritten !== undefined) process.stderr.write(`robe: ${unwritten}\n`);
    if (json) process.stdout.write(`${JSON.stringify(conducted.results, null, 2)}\n`);
    return { ...conducted, report, ...(unwritten === undefined ? {} : { unwritten }) };
  } finally {
    release();
  }
};

/** The HTML report, beside the results; why it could not be written, where it could not. */
const keepPage = ({ directory, catalogue }: ConductedRun, report: RunReport): string | undefined =>
  writePage(join(directory, files.page), [{ report, directory }], catalogue);
