/**
 * The runner: the child process that does a live run inside the tester's namespace. It takes its job from standard input,
 * reports on file descriptor 3, and stops when its input ends. Started by the supervisor only, never by people.
 */
import { writeSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chooseIut } from '../iut/choose.js';
import { embeddedSubjects } from '../iut/embedded-subject.js';
import type { LiveSession, LiveSubject } from '../iut/subject.js';
import { realClock } from '../net/clock/real.js';
import { attachLab } from '../net/lab/lab.js';
import { evidenceDirectory } from '../report/evidence.js';
import { readLossless } from '../report/lossless-json.js';
import { type Allocation, allocate } from '../run/allocation.js';
import type { Driven } from '../run/drive-case.js';
import { type LiveEnd, runLive } from '../run/live/live.js';
import { type RunnerJob, type RunnerReport, runnerJob } from '../run/live/runner-messages.js';
import { warmUp } from '../run/live/warm-up.js';
import type { ExpandedCase } from '../suite/language/case.js';
import { counted } from '../suite/verdict/counted.js';
import { describeEnvironment, toolName } from './environment.js';
import { takePrecedence } from './precedence.js';
import { describeSubject } from './run/describe-subject.js';
import { type Recording, recordCase } from './run/record-case.js';
import { reason } from './run/run-directory.js';

const reports = 3;

const report = (each: RunnerReport): void => {
  const octets = Buffer.from(`${JSON.stringify(each)}\n`);
  for (let written = 0; written < octets.length; ) written += writeSync(reports, octets, written);
};

const stop = new AbortController();
const clock = realClock();

/** The job, from the first line; the end of the input afterwards is the sign to stop. */
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

const liveSubject = (job: RunnerJob): LiveSubject => {
  const found = chooseIut(job.iut).find(({ name }) => name === job.subject);
  if (found?.time !== 'real') throw new Error(`${job.subject} is no live subject of ${job.iut}`);
  return found;
};

const open = (subject: LiveSubject, job: RunnerJob): Promise<LiveSession> =>
  subject.open({
    clock,
    ...(job.lab === undefined ? {} : { lab: attachLab(job.lab.namespaces, job.lab.paths) }),
    environment: process.env,
    seed: job.seed,
    program: [process.execPath, fileURLToPath(new URL('main.js', import.meta.url))],
  });

/** Cases that are run together, and how many of them at once. */
interface Round {
  readonly cases: readonly ExpandedCase[];
  readonly jobs: number;
}

/** How often an implementation that goes away is started again before the run is given up. */
const mostRestarts = 5;

const lostRemedy = 'the verdicts stand, but see why it ended: a case that ends it when alone says so itself';

class Runner {
  readonly #job: RunnerJob;
  readonly #subject: LiveSubject;
  #session: LiveSession;
  readonly #recording: Recording;
  /** One for the whole run: what is counted by address must not be counted for a case and for the sanity check. */
  readonly #allocation: Allocation;
  /** Why the implementation went away without a case to blame, once for each time. */
  readonly #unexplained: string[] = [];
  #restarts = 0;
  /** Attempts that counted for nothing, as this machine spoilt them: the case and its verdict. */
  readonly #voided: string[] = [];

  constructor(job: RunnerJob, subject: LiveSubject, session: LiveSession) {
    this.#job = job;
    this.#subject = subject;
    this.#session = session;
    this.#recording = recordingOf(job, subject, session);
    this.#allocation = allocate(session.facts, job.seed);
  }

  /** Every case; those that an implementation which goes away took with it once more, one at a time. */
  async judge(cases: readonly ExpandedCase[]): Promise<void> {
    for (let rounds: readonly Round[] = [{ cases, jobs: this.#job.jobs }]; rounds.length > 0; ) {
      const [round, ...later] = rounds;
      if (round === undefined) break;
      const end = await this.#play(round);
      rounds = later;
      if (end.end === 'done') continue;
      if (round.jobs > 1) this.#unexplained.push(end.why);
      await this.#restart(end.why, end.suspects.length);
      rounds = [{ cases: end.suspects, jobs: 1 }, { ...round, cases: end.left }, ...later].filter(
        (each) => each.cases.length > 0,
      );
    }
  }

  /** One plain handshake alone on the wire; what is not a pass is told. */
  async checkSanity(sanity: ExpandedCase | undefined, when: string): Promise<void> {
    if (sanity === undefined || stop.signal.aborted) return;
    await runLive(
      {
        ...this.#together(),
        // An id of its own: names of connections and chosen numbers must not meet those of the case proper.
        cases: [{ ...sanity, id: `${sanity.id}/sanity ${when}` }],
        jobs: 1,
        began: () => {},
        finished: (_, __, { judgement }) => {
          if (judgement.verdict === 'pass' || judgement.verdict === 'info') return;
          const text = `a plain handshake ${when} was judged ${judgement.verdict}: ${judgement.sentence}`;
          report({ report: 'warning', text });
        },
      },
      stop.signal,
    );
  }

  /** Closes the session and tells what is known at the end. */
  async close(): Promise<void> {
    const { droppedByKernel, droppedByInterface, received, sent } = await this.#session.settle();
    const { worst } = clock.lateness();
    await this.#session.close();
    if (this.#voided.length > 0) report({ report: 'warning', text: tellVoided(this.#voided) });
    const [why] = this.#unexplained;
    if (why !== undefined) {
      report({
        report: 'failed',
        why: `the implementation went away while many cases were under way: ${why}`,
        remedy: lostRemedy,
      });
    }
    report({
      report: 'done',
      measured: {
        frames: `${sent} sent, ${received} received, ${droppedByKernel + droppedByInterface} lost`,
        'latest timer': `${(Number(worst) / 1e6).toFixed(1)} ms late`,
      },
    });
  }

  #play({ cases, jobs }: Round): Promise<LiveEnd> {
    return runLive(
      {
        ...this.#together(),
        cases,
        jobs,
        began: ({ id }) => report({ report: 'began', id }),
        finished: (each, plan, driven) =>
          report({ report: 'result', result: recordCase(each, plan, driven, this.#recording) }),
      },
      stop.signal,
    );
  }

  /** What all parts of the run have in common. */
  #together() {
    return {
      subject: this.#subject,
      session: this.#session,
      seed: this.#job.seed,
      allocation: this.#allocation,
      voided: ({ id }: ExpandedCase, { judgement }: Driven) => this.#voided.push(`${id} (${judgement.verdict})`),
    };
  }

  async #restart(why: string, suspects: number): Promise<void> {
    this.#restarts += 1;
    if (this.#restarts > mostRestarts) throw new Error(`the implementation keeps going away: ${why}`);
    report({ report: 'warning', text: `${why}; it is started again${tellSuspects(suspects)}` });
    await this.#session.close();
    this.#session = await open(this.#subject, this.#job);
  }
}

const tellSuspects = (count: number): string =>
  count === 0 ? '' : `, and what was under way (${count}) is run once more, one at a time`;

const recordingOf = (job: RunnerJob, subject: LiveSubject, session: LiveSession): Recording => ({
  subject: subject.name,
  environment: {
    tool: toolName(),
    environment: describeEnvironment(),
    subject: {
      ...describeSubject(subject),
      facts: { ...session.measured },
      ...(session.implementation === undefined ? {} : { implementation: session.implementation }),
    },
  },
  keep: job.keep,
  evidenceOf: (result) => {
    const path = join(job.out, job.evidence, evidenceDirectory(result, false, job.attempt));
    return { path, name: relative(job.out, path) };
  },
  repeat: (id) => [...job.command, id],
});

const tellOpened = (session: LiveSession): void => {
  report({
    report: 'opened',
    measured: { ...session.measured },
    ...(session.implementation === undefined ? {} : { implementation: session.implementation }),
  });
  for (const text of session.remarks) report({ report: 'warning', text });
};

const fewVoided = 3;

const tellVoided = (attempts: readonly string[]): string =>
  `this machine was held up, so ${counted(attempts.length, 'attempt')} showed nothing and began again: ` +
  attempts.slice(0, fewVoided).join(', ') +
  (attempts.length > fewVoided ? ` and ${attempts.length - fewVoided} more` : '');

const run = async (job: RunnerJob): Promise<void> => {
  const subject = liveSubject(job);
  // Written by the supervising process of this same program.
  const cases = readLossless(job.cases) as readonly ExpandedCase[];
  const sanity = cases.find(({ id }) => id === job.sanity);
  warmUp(cases, embeddedSubjects(), clock, job.seed);
  const session = await open(subject, job);
  tellOpened(session);
  const runner = new Runner(job, subject, session);
  await runner.checkSanity(sanity, 'before the first case');
  await runner.judge(cases);
  await runner.checkSanity(sanity, 'after the last case');
  await runner.close();
};

try {
  takePrecedence();
  await run(await readJob());
  process.exit(0);
} catch (cause) {
  const remedy =
    cause instanceof Error && 'remedy' in cause && typeof cause.remedy === 'string' ? cause.remedy : undefined;
  report({ report: 'failed', why: reason(cause), ...(remedy === undefined ? {} : { remedy }) });
  process.exit(3);
}
