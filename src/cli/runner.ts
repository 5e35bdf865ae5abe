/**
 * The runner: the child process that does a live run inside the tester's namespace. It reads its job from standard input,
 * reports on file descriptor 3, and stops when its input ends. Only the supervisor starts it, never a user.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { failureOf } from '../conduct/failure.js';
import { runJob } from '../conduct/live/runner.js';
import { realClock } from '../net/clock/real.js';
import { type RunnerJob, type RunnerReport, runnerJob } from '../run/live/runner-messages.js';
import { describeEnvironment, toolName } from './environment.js';
import { takePrecedence } from './precedence.js';

const reports = 3;

const stop = new AbortController();

const write = (octets: Buffer): void => {
  for (let written = 0; written < octets.length; ) written += writeSync(reports, octets, written);
};

/** A killed supervisor no longer reads. Then the run stops, as at the end of its input. */
const report = (each: RunnerReport): void => {
  try {
    write(Buffer.from(`${JSON.stringify(each)}\n`));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EPIPE')) throw cause;
    stop.abort();
  }
};

/** The job, from the first line; the later end of the input is the signal to stop. */
const readJob = (): Promise<RunnerJob> =>
  new Promise((resolve, reject) => {
    const lines = createInterface({ input: process.stdin });
    lines.once('line', (line) => {
      try {
        resolve(runnerJob.parse(JSON.parse(line)));
      } catch (cause) {
        reject(cause);
      }
    });
    lines.once('close', () => {
      stop.abort();
    });
  });

try {
  takePrecedence();
  await runJob(await readJob(), {
    tool: toolName(),
    environment: describeEnvironment(),
    clock: realClock(),
    variables: process.env,
    program: [process.execPath, fileURLToPath(new URL('main.js', import.meta.url))],
    stop: stop.signal,
    report,
  });
  process.exit(0);
} catch (cause) {
  report({ report: 'failed', ...failureOf(cause) });
  process.exit(3);
}
