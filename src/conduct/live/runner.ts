/**
 * The work of the runner, the process that runs the cases of one live subject: it opens the subject, runs every case,
 * restarts an implementation that dies, checks with a plain handshake before and after, and sends reports.
 */
import { appendFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { chooseIut } from '../../iut/choose.js';
import { embeddedSubjects } from '../../iut/embedded-subject.js';
import type { LivePlace, LiveSession, LiveSubject } from '../../iut/subject.js';
import { milliseconds } from '../../net/clock/clock.js';
import type { RealClock } from '../../net/clock/real.js';
import { attachLab } from '../../net/lab/lab.js';
import { LinkError } from '../../net/link/link.js';
import { evidenceDirectory, writeConsole } from '../../report/evidence.js';
import { readLossless } from '../../report/lossless-json.js';
import { type Allocation, allocate } from '../../run/allocation.js';
import type { Driven } from '../../run/drive-case.js';
import { LastFrames } from '../../run/live/last-frames.js';
import { Leftovers } from '../../run/live/leftovers.js';
import { type LiveEnd, runLive } from '../../run/live/live.js';
import type { RunnerJob, RunnerReport } from '../../run/live/runner-messages.js';
import { warmUp } from '../../run/live/warm-up.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { counted } from '../../suite/verdict/counted.js';
import type { Conductor } from '../conductor.js';
import { describeSubject } from '../describe-subject.js';
import type { EvidenceKeeping } from '../evidence-keeping.js';
import { failureOf } from '../failure.js';
import { recordCase } from '../record-case.js';
import { tellForeign, tellVoided } from './remarks.js';
import { SelfReports } from './self-reports.js';
import { type LostEnd, type Round, Suspicion } from './suspicion.js';

/** The environment of the runner process. */
export interface RunnerProcess extends Pick<Conductor, 'tool' | 'environment'> {
  readonly clock: RealClock;
  /** The environment in which implementations are started. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Starts this program again: program and first arguments. */
  readonly program: readonly string[];
  /** Aborted to stop the runner. */
  readonly stop: AbortSignal;
  report(report: RunnerReport): void;
}

/** Runs all cases of the job; throws if the run cannot continue. */
export const runJob = async (job: RunnerJob, own: RunnerProcess): Promise<void> => {
  const subject = liveSubject(job);
  // Written by the supervising process of this same program.
  const cases = readLossless(job.cases) as readonly ExpandedCase[];
  const sanity = cases.find(({ id }) => id === job.sanity);
  warmUp(cases, embeddedSubjects(), own.clock, job.seed);
  const session = await open(subject, job, own);
  tellOpened(session, own);
  const runner = new Runner(job, subject, session, own);
  await runner.checkBlackhole(cases);
  await runner.checkSanity(sanity, 'before the first case');
  await runner.judge(cases);
  await runner.checkSanity(sanity, 'after the last case');
  await runner.close();
};

const liveSubject = (job: RunnerJob): LiveSubject => {
  const found = chooseIut(job.iut).find(({ name }) => name === job.subject);
  if (found?.time !== 'real') throw new Error(`${job.subject} is no live subject of ${job.iut}`);
  return found;
};

/** The console output of the implementation, written beside the results. */
const consoleFile = 'console.txt';

const open = (subject: LiveSubject, job: RunnerJob, own: RunnerProcess): Promise<LiveSession> =>
  subject.open(placeOf(job, own));

const placeOf = (job: RunnerJob, { clock, variables, program }: RunnerProcess): LivePlace => ({
  clock,
  ...(job.lab === undefined ? {} : { lab: attachLab(job.lab.namespaces, job.lab.paths) }),
  environment: variables,
  seed: job.seed,
  keep: (octets) => appendFileSync(join(job.out, consoleFile), octets),
  program,
});

/** How long a restarted implementation may take until it can be opened, and how often that is tried. */
const startingUp = milliseconds(10_000);
const betweenOpenings = milliseconds(250);

const restartRemedy = 'start it again, or name a command that does with `restart` in the IUT file; then run again';

const lostRemedy = 'the verdicts stand, but see why it ended: a case that ends it when alone says so itself';

class Runner {
  readonly #job: RunnerJob;
  readonly #subject: LiveSubject;
  readonly #own: RunnerProcess;
  #session: LiveSession;
  readonly #leftovers: Leftovers;
  readonly #lastFrames = new LastFrames();
  readonly #keeping: EvidenceKeeping;
  /** One for the whole run: counts by address must not mix a case and the sanity check. */
  readonly #allocation: Allocation;
  readonly #suspicion: Suspicion;
  readonly #selfReports: SelfReports;
  /** Void attempts that this machine spoilt: the case and its verdict. */
  readonly #voided: string[] = [];

  constructor(job: RunnerJob, subject: LiveSubject, session: LiveSession, own: RunnerProcess) {
    this.#job = job;
    this.#subject = subject;
    this.#own = own;
    const standing = job.lab === undefined;
    this.#leftovers = new Leftovers({ clock: own.clock, facts: session.facts, standing });
    this.#session = this.#keptFromLeftovers(session);
    this.#keeping = keepingOf(job, subject, session, own);
    this.#allocation = allocate(session.facts, job.seed, standing ? String(own.clock.now()) : undefined);
    this.#suspicion = new Suspicion(job.jobs);
    this.#selfReports = new SelfReports(subject.name);
    this.#selfReports.count(session, {});
  }

  /**
   * Runs every case; cases interrupted by the death of an implementation run once more, a few at a time and then one at a
   * time.
   */
  async judge(cases: readonly ExpandedCase[]): Promise<void> {
    for (let rounds: readonly Round[] = [{ cases, jobs: this.#job.jobs }]; rounds.length > 0; ) {
      const [round, ...later] = rounds;
      if (round === undefined) break;
      const end = await this.#play(round);
      rounds = later;
      if (end.end === 'done') continue;
      this.#suspicion.note(end);
      await this.#restart(end, round);
      rounds = this.#suspicion.roundsAfter(end, round, later);
    }
  }

  /** Refuses client cases of MPTCP if their verdicts would be about the kernel's blackhole detection. */
  async checkBlackhole(cases: readonly ExpandedCase[]): Promise<void> {
    const { blackhole } = this.#session;
    if (blackhole === undefined || !cases.some(({ role, mptcp }) => role === 'client' && mptcp !== undefined)) return;
    await this.#session.close();
    throw new LinkError(blackhole.why, blackhole.remedy);
  }

  /** One plain handshake alone on the wire; reports any verdict but a pass. */
  async checkSanity(sanity: ExpandedCase | undefined, when: string): Promise<void> {
    if (sanity === undefined || this.#own.stop.aborted) return;
    await runLive(
      {
        ...this.#together(),
        // An id of its own: names of connections and chosen numbers must differ from those of the case itself.
        cases: [{ ...sanity, id: `${sanity.id}/sanity ${when}` }],
        jobs: 1,
        began: () => {},
        finished: (_, __, { judgement }) => {
          if (judgement.verdict === 'pass' || judgement.verdict === 'info') return;
          const text = `a plain handshake ${when} was judged ${judgement.verdict}: ${judgement.sentence}`;
          this.#own.report({ report: 'warning', text });
        },
      },
      this.#own.stop,
    );
  }

  /** Closes the session and reports what is known at the end. */
  async close(): Promise<void> {
    await this.#leaveNothing();
    const { droppedByKernel, droppedByInterface, received, sent } = await this.#session.settle();
    const { worst } = this.#own.clock.lateness();
    await this.#session.close();
    this.#selfReports.count(this.#session, {});
    for (const about of this.#selfReports.all()) this.#own.report({ report: 'self-report', about });
    if (this.#voided.length > 0) this.#own.report({ report: 'warning', text: tellVoided(this.#voided) });
    const { unexplained } = this.#suspicion;
    if (unexplained !== undefined) {
      this.#own.report({
        report: 'failed',
        why: `the implementation went away while many cases were under way: ${unexplained}`,
        remedy: lostRemedy,
      });
    }
    this.#own.report({
      report: 'done',
      measured: {
        frames: `${sent} sent, ${received} received, ${droppedByKernel + droppedByInterface} lost`,
        'latest timer': `${(Number(worst) / 1e6).toFixed(1)} ms late`,
      },
    });
  }

  #keptFromLeftovers(session: LiveSession): LiveSession {
    return { ...session, link: this.#leftovers.keepFrom(this.#lastFrames.watch(session.link)) };
  }

  /** At a host that stays up: closes open connections, and reports those found and those left. */
  async #leaveNothing(): Promise<void> {
    if (this.#job.lab !== undefined) return;
    const left = await this.#leftovers.close();
    const { foreign } = this.#leftovers;
    if (foreign.length > 0) this.#own.report({ report: 'warning', text: tellForeign(foreign) });
    const withheld = this.#session.withheld?.() ?? 0;
    if (withheld > 0) {
      const text = `${counted(withheld, 'frame')} were not sent, as they would have gone to addresses that the IUT file does not name`;
      this.#own.report({ report: 'warning', text });
    }
    if (left > 0) {
      const text = `${counted(left, 'connection')} of this run stayed open at the implementation, though reset`;
      this.#own.report({ report: 'warning', text });
    }
  }

  #play({ cases, jobs }: Round): Promise<LiveEnd> {
    return runLive(
      {
        ...this.#together(),
        cases,
        jobs,
        began: ({ id }) => this.#own.report({ report: 'began', id }),
        finished: (each, plan, driven) => {
          const told = jobs === 1 && (this.#selfReports.fresh(this.#session) ?? []).length > 0;
          const keeping: EvidenceKeeping = told ? { ...this.#keeping, keep: 'all' } : this.#keeping;
          this.#own.report({ report: 'result', result: recordCase(each, plan, driven, keeping) });
        },
      },
      this.#own.stop,
    );
  }

  /** State shared by all parts of the run. */
  #together() {
    return {
      subject: this.#subject,
      session: this.#session,
      seed: this.#job.seed,
      allocation: this.#allocation,
      leftovers: this.#leftovers,
      voided: ({ id }: ExpandedCase, { judgement }: Driven) => this.#voided.push(`${id} (${judgement.verdict})`),
    };
  }

  async #restart(end: LostEnd, round: Round): Promise<void> {
    const { why, suspects, alone } = end;
    const frames = `the last frames before it: ${this.#lastFrames.tell().join('; ')}`;
    if (this.#suspicion.isHopeless) {
      throw Object.assign(new Error(`the implementation keeps going away: ${why}`), { detail: frames });
    }
    await this.#session.close();
    this.#keepReports(alone, suspects.length);
    try {
      const { restart } = this.#subject;
      if (restart !== undefined) await restart(placeOf(this.#job, this.#own));
      this.#session = this.#keptFromLeftovers(await this.#openAgain(restart !== undefined));
    } catch (cause) {
      const { why: reopening, remedy } = failureOf(cause);
      const failure = new Error(`the implementation went away: ${why}; it could not be opened again: ${reopening}`);
      throw Object.assign(failure, { remedy: remedy ?? restartRemedy, detail: frames });
    }
    this.#selfReports.restart();
    this.#selfReports.count(this.#session, {});
    const again = this.#suspicion.tell(end, round);
    this.#own.report({ report: 'warning', text: `${why}; it was started again${again}; ${frames}` });
  }

  /** Its reports before it died: counted, and written to the evidence of a case that ran alone. */
  #keepReports(alone: ExpandedCase | undefined, several: number): void {
    const lines = (this.#selfReports.fresh(this.#session) ?? []).flatMap((report) => report.lines);
    this.#selfReports.count(this.#session, { alone: alone?.id, several });
    if (alone === undefined || lines.length === 0) return;
    writeConsole(this.#keeping.evidenceOf({ id: alone.id, subject: this.#subject.name }).path, lines);
  }

  /** A freshly started implementation may take a while to listen. */
  async #openAgain(patiently: boolean): Promise<LiveSession> {
    const { clock } = this.#own;
    const until = clock.now() + (patiently ? startingUp : 0n);
    for (;;) {
      try {
        return await open(this.#subject, this.#job, this.#own);
      } catch (cause) {
        if (clock.now() >= until) throw cause;
        await new Promise<void>((resolve) => clock.at(clock.now() + betweenOpenings, resolve));
      }
    }
  }
}

const keepingOf = (
  job: RunnerJob,
  subject: LiveSubject,
  session: LiveSession,
  { tool, environment }: RunnerProcess,
): EvidenceKeeping => ({
  subject: subject.name,
  environment: {
    tool,
    environment,
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

const tellOpened = (session: LiveSession, { report }: RunnerProcess): void => {
  report({
    report: 'opened',
    measured: { ...session.measured },
    ...(session.implementation === undefined ? {} : { implementation: session.implementation }),
  });
  for (const text of session.remarks) report({ report: 'warning', text });
};
