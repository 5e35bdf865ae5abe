/**
 * The live driver: many cases at once over one session, each with its own addresses. A case begins when a place and its
 * addresses are free. Cases that may wait longest begin first, so that the run takes little longer than they do. A case
 * that depends on state of the implementation gets a freshly started one, alone if necessary.
 *
 * A failed case that this machine itself spoilt (blur.ts) begins again with other addresses, and only the later attempt
 * counts. Any other attempt is final.
 */
import type { LiveSession, LiveSubject } from '../../iut/subject.js';
import { roomFor } from '../../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { type Plan, planCase } from '../../suite/scenario/plan.js';
import { type Allocation, allocate, type Loan } from '../allocation.js';
import { type Dispatch, dispatchFrames } from '../dispatch.js';
import { type Drive, type Driven, driveCase } from '../drive-case.js';
import { settleReal, type World } from '../world.js';
import { Tries } from './blur.js';
import { dependsOnThePast } from './contact.js';
import { controlFor } from './counting-anew.js';
import { startAfresh } from './fresh-start.js';
import type { Leftovers } from './leftovers.js';
import { Pace } from './pace.js';
import { feelPulse, hearFrom, outliveReset } from './pulse.js';
import { doubted, lossOf, settleCase } from './settle-case.js';
import { WaitingCases } from './waiting-cases.js';

export interface LiveRun {
  readonly subject: LiveSubject;
  readonly session: LiveSession;
  /** In the order in which they shall begin. */
  readonly cases: readonly ExpandedCase[];
  readonly seed: string;
  /** The loans of an earlier part of the same run, so that no case is affected by leftovers of an earlier one. */
  readonly allocation?: Allocation;
  /** Keeps segments of other cases and runs away from each case; its link is the session's. */
  readonly leftovers?: Leftovers;
  /** Cases at once. */
  readonly jobs: number;
  readonly began: (each: ExpandedCase) => void;
  /** The outcome of a void attempt that this machine spoilt; another one follows. */
  readonly voided: (each: ExpandedCase, driven: Driven) => void;
  readonly finished: (each: ExpandedCase, plan: Plan, driven: Driven) => void;
}

/** How a run ended: every case has its result, or the implementation went away before. */
export type LiveEnd =
  | { readonly end: 'done' }
  | {
      readonly end: 'lost';
      readonly why: string;
      /** Several were under way when it happened: any of them may be the cause, and none has a result. */
      readonly suspects: readonly ExpandedCase[];
      /** The only one under way when it happened; it has its result. */
      readonly alone?: ExpandedCase;
      /** Those that had not begun. */
      readonly left: readonly ExpandedCase[];
    };

/**
 * Runs every case; settles when all are finished. When `stop` is signalled it settles at once: cases under way and cases
 * not begun are left without a result.
 *
 * If control breaks, or a SYN is no longer answered as at the beginning (pulse.ts), the implementation or its application
 * side has died, and its behaviour is no finding about the cases under way. They are abandoned without a result. A
 * failure counts only after a later check has shown that both are still alive. A case that runs alone (`jobs` 1) keeps
 * its verdict: nothing else can be the cause.
 */
export const runLive = async (run: LiveRun, stop: AbortSignal): Promise<LiveEnd> => {
  const dispatch = dispatchFrames(run.session.link);
  try {
    return await new LiveDriver(run, dispatch, stop).start();
  } finally {
    dispatch.close();
  }
};

const delayedEachTime =
  'this machine was held up so long, each time, that what should not have come may have been late';

/** Nanoseconds that addresses rest before they are lent again: a late answer to one case must not meet another. */
const rest = 50_000_000n;

/** A case that has a place. */
interface UnderWay {
  readonly each: ExpandedCase;
  readonly loan: Loan;
  /** Its dialogue; set after the first events were delivered, with which it may already have ended. */
  drive?: Drive;
  /** Its dialogue is over, and its result is being settled. */
  over: boolean;
}

class LiveDriver {
  readonly #run: LiveRun;
  readonly #dispatch: Dispatch;
  readonly #stop: AbortSignal;
  readonly #allocation: Allocation;
  readonly #waiting: WaitingCases;
  readonly #pace: Pace;
  readonly #settle: World['settle'];
  readonly #tries = new Tries();
  readonly #underWay = new Set<UnderWay>();
  /** While the implementation is prepared for a case nothing else begins: its answer shows that it is not late, either. */
  #preparing = false;
  #asking = Promise.resolve();
  /** The next liveness check after the present one, for all cases that failed meanwhile. */
  #askingNext: Promise<void> | undefined;
  /** Why the implementation has died, if it has. */
  #lost: string | undefined;
  readonly #suspects: ExpandedCase[] = [];
  #aloneWhenLost: ExpandedCase | undefined;
  #resolve: (end: LiveEnd) => void = () => {};
  #reject: (cause: unknown) => void = () => {};

  constructor(run: LiveRun, dispatch: Dispatch, stop: AbortSignal) {
    const { session, cases, seed } = run;
    this.#run = run;
    this.#dispatch = dispatch;
    this.#stop = stop;
    this.#allocation = run.allocation ?? allocate(session.facts, seed);
    this.#waiting = new WaitingCases(cases, {
      dependsOnThePast: (each) => this.#dependsOnThePast(each),
      alone: session.freshStart?.reach !== 'peers',
      room: roomFor(run.subject.claims),
    });
    this.#pace = new Pace(session.clock, () => this.#beginNext());
    this.#settle = settleReal(session.clock);
  }

  start(): Promise<LiveEnd> {
    const ended = new Promise<LiveEnd>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    void this.#run.session.control?.broken?.then((why) => this.#lose(why));
    if (this.#stop.aborted) this.#abandon();
    else {
      this.#stop.addEventListener('abort', () => this.#abandon(), { once: true });
      this.#goOn();
    }
    return ended;
  }

  #dependsOnThePast(each: ExpandedCase): boolean {
    return dependsOnThePast(each, this.#run.subject.claims);
  }

  /** A failure of a case that runs alone is its own, also if the implementation has died with it. */
  get #alone(): boolean {
    return this.#run.jobs === 1;
  }

  get #mayBegin(): boolean {
    return !this.#stop.aborted && this.#lost === undefined;
  }

  get #hasPlace(): boolean {
    return !this.#preparing && this.#underWay.size < this.#run.jobs;
  }

  #beginNext(): void {
    if (!this.#mayBegin || !this.#hasPlace) return;
    const next = this.#waiting.next();
    if (next === undefined) return;
    try {
      const loan = this.#allocation.lend(next);
      // Without one its addresses are still lent, perhaps to an earlier part of the run: later, then.
      if (loan !== undefined) this.#begin(next, loan);
    } catch (cause) {
      this.#reject(cause);
      return;
    }
    this.#goOn();
  }

  #begin(each: ExpandedCase, loan: Loan): void {
    const current: UnderWay = { each, loan, over: false };
    this.#waiting.take(each);
    this.#underWay.add(current);
    this.#run.leftovers?.begin(loan);
    this.#run.began(each);
    this.#carryThrough(current).catch(this.#reject);
  }

  async #carryThrough(current: UnderWay): Promise<void> {
    const { session, finished } = this.#run;
    const { each } = current;
    const doubt = this.#dependsOnThePast(each) ? await this.#prepare(current) : undefined;
    if (!this.#underWay.has(current)) return;
    const plan = this.#planOf(current);
    const lossBefore = lossOf(session.link.counters());
    const heldUpBefore = session.heldUp?.() ?? 0n;
    const control = await controlFor(session, current.loan);
    if (!this.#underWay.has(current)) return;
    const driven = await this.#drive(current, plan, control);
    const heldUp = (session.heldUp?.() ?? 0n) - heldUpBefore;
    const settled = await settleCase(session, plan, driven, lossBefore, doubt);
    // For a case that runs alone, the check before its end also shows whether the implementation survived it.
    if (isFailure(settled) || this.#alone) await hearFrom(session.control);
    if (isFailure(settled)) await this.#askAfter(current.loan, settled);
    this.#leave(current);
    if (this.#stop.aborted) return;
    if (this.#lost !== undefined && !this.#alone && isFailure(settled)) this.#suspects.push(each);
    else {
      const weight = doubt === undefined ? this.#tries.weigh(each, { driven: settled, heldUp }) : ('counts' as const);
      if (weight === 'void') this.#again(each, settled);
      else finished(each, plan, weight === 'counts' ? settled : doubted(plan, settled, delayedEachTime));
    }
    this.#goOn();
  }

  /** A case failed: whether the implementation is still alive. Only a later check shows this. */
  async #askAfter(loan: Loan, { trace }: Driven): Promise<void> {
    const { session } = this.#run;
    const { serves } = session;
    if (serves === undefined) return;
    await outliveReset(session.clock, trace);
    this.#askingNext ??= this.#asking.then(async () => {
      this.#askingNext = undefined;
      if (this.#lost !== undefined || this.#stop.aborted) return;
      const why = await feelPulse({ ...session, serves }, loan);
      if (why !== undefined && this.#lost === undefined) this.#lose(why);
    });
    this.#asking = this.#askingNext;
    await this.#asking;
  }

  #again(each: ExpandedCase, spoilt: Driven): void {
    this.#waiting.again(each);
    this.#run.voided(each, spoilt);
  }

  async #prepare({ loan }: UnderWay): Promise<string | undefined> {
    this.#preparing = true;
    const doubt = await startAfresh(this.#run.session.freshStart, loan.addresses);
    this.#preparing = false;
    this.#goOn();
    return doubt;
  }

  #planOf({ each, loan }: UnderWay): Plan {
    const { subject, seed } = this.#run;
    return planCase(each, loan.surroundings, this.#tries.settingsOf(each, { ...subject.settings, seed }));
  }

  /** Never settles if the case is abandoned meanwhile. */
  #drive(current: UnderWay, plan: Plan, control: World['control']): Promise<Driven> {
    return new Promise((resolve) => {
      current.drive = driveCase(plan, this.#worldOf(current.loan, control), (driven) => {
        if (!this.#underWay.has(current)) return;
        current.over = true;
        resolve(driven);
      });
    });
  }

  #worldOf({ addresses }: Loan, control: World['control']): World {
    const { clock, link } = this.#run.session;
    return {
      clock,
      send: (path, frame) => link.send(path, frame),
      subscribe: (listener) => this.#dispatch.claim(addresses, listener),
      settle: this.#settle,
      ...(control === undefined ? {} : { control }),
    };
  }

  /** Its place is free at once, its addresses a little later. */
  #leave(current: UnderWay): void {
    const { each, loan } = current;
    const { clock } = this.#run.session;
    this.#underWay.delete(current);
    this.#waiting.ended(each);
    this.#run.leftovers?.end(loan);
    clock.at(clock.now() + rest, () => loan.giveBack());
  }

  /** Begins further cases, or ends the run if none is left. */
  #goOn(): void {
    const more = this.#waiting.length > 0;
    if (this.#underWay.size === 0 && (this.#lost !== undefined || !more)) this.#resolve(this.#end());
    else if (more && this.#mayBegin) this.#pace.breathe();
  }

  #end(): LiveEnd {
    if (this.#lost === undefined) return { end: 'done' };
    const alone = this.#aloneWhenLost;
    return {
      end: 'lost',
      why: this.#lost,
      suspects: this.#suspects,
      ...(alone === undefined ? {} : { alone }),
      left: this.#waiting.left,
    };
  }

  #abandon(): void {
    this.#giveUp('the run was stopped');
    this.#resolve({ end: 'done' });
  }

  #lose(why: string): void {
    if (this.#stop.aborted) return;
    this.#lost = why;
    if (this.#alone) this.#aloneWhenLost = [...this.#underWay][0]?.each;
    else this.#suspects.push(...this.#giveUp(why));
    this.#goOn();
  }

  /** Abandons unfinished cases without a result, and lists them. */
  #giveUp(why: string): readonly ExpandedCase[] {
    const unfinished = [...this.#underWay].filter(({ over }) => !over);
    for (const each of unfinished) this.#underWay.delete(each);
    for (const { drive } of unfinished) drive?.abandon(why);
    return unfinished.map(({ each }) => each);
  }
}

/** Verdicts that a dead implementation may cause. */
const isFailure = ({ judgement: { verdict } }: Driven): boolean => verdict !== 'pass' && verdict !== 'info';
