/**
 * Supervises a live run in a child process: libpcap aborts the process if its device vanishes, and then the journal, the
 * lab and the other verdicts must not be lost. The child is a session of its own, so that Ctrl-C reaches only this
 * process; it is told to stop by the end of its input, which also happens when this process dies.
 */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { Readable } from 'node:stream';
import { LineReader } from '../../iut/control/line-reader.js';
import { printable } from '../../protocol/bytes/printable.js';
import { type RunnerJob, type RunnerReport, runnerReport } from './runner-messages.js';

export interface Supervision {
  /** Settles when the child has ended. */
  readonly ended: Promise<SupervisedEnd>;
  /** Asks the child to stop, and kills it when it does not within five seconds. */
  stop(): void;
}

export type SupervisedEnd =
  | { readonly end: 'done' }
  | { readonly end: 'failed'; readonly why: string; readonly detail?: string; readonly remedy?: string };

const patienceMilliseconds = 5000;
const longestReport = 16 * 1024 * 1024;
const keptStderr = 4000;

/**
 * Starts the runner (`start` puts it into its namespace) with a job. `report` gets each report; if it throws, the child
 * is stopped and the run has failed for that reason.
 */
export const supervise = (
  start: (options: SpawnOptions) => ChildProcess,
  job: RunnerJob,
  report: (report: RunnerReport) => void,
): Supervision => {
  const child = start({ stdio: ['pipe', 'ignore', 'pipe', 'pipe'], detached: true });
  let complaint: SupervisedEnd | undefined;
  let done = false;
  let stderr = '';

  const stop = (): void => {
    child.stdin?.end();
    const killer = setTimeout(() => killGroup(child), patienceMilliseconds);
    child.once('close', () => clearTimeout(killer));
  };
  const fail = (why: string, remedy?: string, detail?: string): void => {
    complaint ??= {
      end: 'failed',
      why,
      ...(remedy === undefined ? {} : { remedy }),
      ...(detail === undefined ? {} : { detail }),
    };
    stop();
  };
  const take = (line: string): void => {
    if (complaint !== undefined && complaint.end === 'failed') return;
    const parsed = runnerReport.safeParse(parseJson(line));
    if (!parsed.success) {
      fail(`the runner said what cannot be understood: ${printable(line, 200)}`);
      return;
    }
    if (parsed.data.report === 'failed') fail(parsed.data.why, parsed.data.remedy, parsed.data.detail);
    if (parsed.data.report === 'done') done = true;
    try {
      report(parsed.data);
    } catch (cause) {
      fail(cause instanceof Error ? cause.message : String(cause));
    }
  };

  const reader = new LineReader({ line: take, complaint: (why) => fail(`the runner wrote ${why}`) }, longestReport);
  const reports = child.stdio[3];
  if (reports instanceof Readable) reports.on('data', (chunk: Uint8Array) => reader.take(chunk));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderr);
  });
  child.stdin?.on('error', () => {});
  child.stdin?.write(`${JSON.stringify(job)}\n`);

  const ended = new Promise<SupervisedEnd>((resolve) => {
    child.once('error', (error) =>
      resolve({ end: 'failed', why: `the runner could not be started: ${error.message}` }),
    );
    child.once('close', (code, signal) => {
      if (complaint !== undefined) resolve(complaint);
      else if (done) resolve({ end: 'done' });
      else resolve({ end: 'failed', why: explainDeath(code, signal, stderr), remedy: remedyFor(signal, stderr) });
    });
  });
  return { ended, stop };
};

const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const explainDeath = (code: number | null, signal: NodeJS.Signals | null, stderr: string): string => {
  // A runner that another program started reports a signal as 128 and its number; 134 is SIGABRT.
  const aborted = signal === 'SIGABRT' || code === 134;
  if (aborted) return 'the capture was aborted: an interface vanished or went down while it was in use';
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return `the process that drives the wire ${how}${last === '' ? '' : `: ${printable(last, 300)}`}`;
};

const remedyFor = (signal: NodeJS.Signals | null, stderr: string): string =>
  signal === 'SIGABRT' || /assert/i.test(stderr)
    ? 'see that nothing removes or shuts the interfaces during a run'
    : 'run it again; if it happens again, the journal shows which cases were under way';
