/**
 * The live driver: many cases at once over one session, each with its own addresses. A case begins when a place is free
 * and its addresses are; the ones that may wait longest go first, so that the whole run takes little longer than they do.
 * One that depends on what the implementation remembers meets it freshly started, alone if there is no other way.
 *
 * A case in which nothing is wrong but that this machine was held up too long for its times to be told from their bounds
 * has shown nothing: it begins again with other addresses, and only what the later attempt shows counts. An attempt that
 * fails, or that finds anything else wanting, is final.
 *
 * What the capture lost during the life of a case is known only a little later. So a finished case is settled: when
 * frames were lost since it began, its trace is judged again with that said at its beginning.
 */
import type { LiveSession, LiveSubject } from '../iut/subject.js';
import type { LinkCounters } from '../net/link/link.js';
import type { ExpandedCase } from '../suite/catalogue/case.js';
import { type Plan, planCase } from '../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../suite/trace/trace.js';
import { type Allocation, allocate, type Loan } from './allocation.js';
import { dependsOnThePast } from './contact.js';
import { type Dispatch, dispatchFrames } from './dispatch.js';
import { type Drive, type Driven, driveCase } from './drive-case.js';
import { rejudge } from './recorded.js';
import { WaitingCases } from './waiting-cases.js';
import { settleReal } from './world.js';

export interface LiveRun {
  readonly subject: LiveSubject;
  readonly session: LiveSession;
  /** In the order in which they shall begin. */
  readonly cases: readonly ExpandedCase[];
  readonly seed: string;
  /** The loans of an earlier part of the same run, so that no case meets what an earlier one left behind. */
  readonly allocation?: Allocation;
  /** Cases at once. */
  readonly jobs: number;
  readonly began: (each: ExpandedCase) => void;
  readonly finished: (each: ExpandedCase, plan: Plan, driven: Driven) => void;
}

/**
 * Cases begin one at a time, and none while this process is behind: what is under way must be answered at once, or its
 * times blur. A case costs this process and the implementation a millisecond or two; the pause leaves both of them half of
 * their time, and still begins more cases in a few seconds than there are. A breath that comes later than `tolerableDelay`
 * begins nothing.
 */
const breath = 1;
const pauseBetweenBreaths = 3_000_000n;
const tolerableDelay = 2_000_000n;
/** How long addresses rest before they are lent again: a late answer to one case must not meet another. */
const rest = 50_000_000n;

/** How a run ended: every case has its result, or the implementation went away before. */
export type LiveEnd =
  | { readonly end: 'done' }
  | {
      readonly end: 'lost';
      readonly why: string;
      /** Under way beside others when it happened: any of them may be the cause, and none has a result. */
      readonly suspects: readonly ExpandedCase[];
      /** Those that had not begun. */
      readonly left: readonly ExpandedCase[];
    };

/** Attempts at a case whose times are blurred, in all. */
const mostAttempts = 3;

/** A case that has begun; its drive is there once the first events were given, in which it may already have finished. */
interface UnderWay {
  readonly each: ExpandedCase;
  drive?: Drive;
}

/**
 * Runs every case; settles when all are finished. When `stop` is signalled it settles at once: what is under way is
 * abandoned without a result, as is what has not begun.
 *
 * When control breaks, the implementation or its application side is gone, and what a dead host does is no finding about
 * the cases under way. They are given up without a result, and a failure counts only once control was asked after it and
 * is still there. A case that is alone (`jobs` 1) keeps its verdict: nothing else can have been the cause.
 */
export const runLive = async (run: LiveRun, stop: AbortSignal): Promise<LiveEnd> => {
  const dispatch = dispatchFrames(run.session.link);
  try {
    return await driveAll(run, dispatch, stop);
  } finally {
    dispatch.close();
  }
};

const driveAll = (run: LiveRun, dispatch: Dispatch, stop: AbortSignal): Promise<LiveEnd> => {
  const { session, subject } = run;
  const { clock, link, control, freshStart } = session;
  const allocation = run.allocation ?? allocate(session.facts, run.seed);
  const settle = settleReal(clock);
  const dependsOn = (each: ExpandedCase): boolean => dependsOnThePast(each, subject.claims);
  const waiting = new WaitingCases(run.cases, { dependsOnThePast: dependsOn, alone: freshStart?.reach !== 'peers' });
  const underWay = new Set<UnderWay>();
  let unsettled = 0;
  /** While a case's implementation is being prepared nothing else begins: its answer shows that it is not behind, either. */
  let preparing = false;
  /** Attempts that showed nothing, by case. */
  const blurred = new Map<ExpandedCase, number>();
  /** Why the implementation is gone, if it is, and who may be the cause. */
  let lost: string | undefined;
  const suspects: ExpandedCase[] = [];
  const alone = run.jobs === 1;

  return new Promise((resolve, reject) => {
    const begin = (each: ExpandedCase, loan: Loan): void => {
      waiting.take(each);
      run.began(each);
      if (!dependsOn(each)) {
        drive(each, loan);
        return;
      }
      preparing = true;
      prepare(freshStart, loan.addresses)
        .then((doubt) => {
          preparing = false;
          if (stop.aborted || lost !== undefined) return;
          drive(each, loan, doubt);
          breathe();
        })
        .catch(reject);
    };

    /** How many attempts there were at a case, with one that has just shown nothing. */
    const attemptsAt = (each: ExpandedCase): number => {
      const attempts = (blurred.get(each) ?? 0) + 1;
      blurred.set(each, attempts);
      return attempts;
    };

    const drive = (each: ExpandedCase, loan: Loan, doubt?: string): void => {
      const attempts = blurred.get(each) ?? 0;
      // An id of its own: names of connections and chosen numbers must not meet those of the attempt before.
      const tried = attempts === 0 ? each : { ...each, id: `${each.id}/attempt ${attempts + 1}` };
      const plan = planCase(tried, loan.surroundings, { ...subject.settings, seed: run.seed });
      const lossBefore = lossOf(link.counters());
      const current: UnderWay = { each };
      underWay.add(current);
      current.drive = driveCase(
        plan,
        {
          clock,
          send: (path, frame) => link.send(path, frame),
          subscribe: (listener) => dispatch.claim(loan.addresses, listener),
          settle,
          ...(control === undefined ? {} : { control }),
        },
        (driven) => {
          if (!underWay.delete(current)) return;
          unsettled += 1;
          settleCase(session, plan, driven, lossBefore, doubt)
            .then(async (settled) => {
              if (isFailure(settled)) await hearFrom(control);
              clock.at(clock.now() + rest, () => loan.giveBack());
              waiting.ended(each);
              unsettled -= 1;
              if (stop.aborted) return;
              if (lost !== undefined && !alone && isFailure(settled)) suspects.push(each);
              else if (isBlurred(settled) && attemptsAt(each) < mostAttempts) waiting.again(each);
              else run.finished(each, plan, settled);
              if (lost === undefined) breathe();
              else endWhenSettled();
            })
            .catch(reject);
        },
      );
    };

    /** Whether a breath is coming; there is never more than one. */
    let breathing = false;
    const breathe = (): void => {
      if (breathing) return;
      breathing = true;
      const due = clock.now() + pauseBetweenBreaths;
      clock.at(due, () => {
        breathing = false;
        fill(clock.now() - due > tolerableDelay ? 0 : breath);
      });
    };

    const fill = (most: number): void => {
      if (stop.aborted || lost !== undefined) return;
      try {
        for (let begun = 0; begun < most && !preparing && underWay.size + unsettled < run.jobs; begun += 1) {
          const next = waiting.next();
          const loan = next === undefined ? undefined : allocation.lend(next);
          if (next === undefined || loan === undefined) break;
          begin(next, loan);
        }
      } catch (cause) {
        reject(cause);
        return;
      }
      if (preparing) return;
      if (waiting.length === 0 && underWay.size === 0 && unsettled === 0) resolve({ end: 'done' });
      else if (waiting.length > 0 && underWay.size + unsettled < run.jobs) breathe();
    };
    /** Gives up what is under way, without a result. */
    const giveUp = (why: string): void => {
      const drives = [...underWay].flatMap(({ drive }) => drive ?? []);
      underWay.clear();
      for (const drive of drives) drive.abandon(why);
    };
    const abandon = (): void => {
      giveUp('the run was stopped');
      resolve({ end: 'done' });
    };
    const lose = (why: string): void => {
      if (stop.aborted) return;
      lost = why;
      if (!alone) {
        suspects.push(...[...underWay].map(({ each }) => each));
        giveUp(why);
      }
      endWhenSettled();
    };
    const endWhenSettled = (): void => {
      if (lost === undefined || underWay.size > 0 || unsettled > 0) return;
      resolve({ end: 'lost', why: lost, suspects, left: waiting.left });
    };
    void control?.broken?.then(lose);
    if (stop.aborted) abandon();
    else {
      stop.addEventListener('abort', abandon, { once: true });
      breathe();
    }
  });
};

/** Verdicts that a dead implementation may be the cause of. */
const isFailure = ({ judgement: { verdict } }: Driven): boolean => verdict !== 'pass' && verdict !== 'info';

/** A time that may be wrong by more than this is: nanoseconds. */
const blurring = 5_000_000n;

/**
 * Inconclusive for no other reason than that this machine was held up. An implementation that answers within the usual error
 * of a bound is inconclusive too, and stays so.
 */
const isBlurred = ({ judgement: { verdict, findings }, trace }: Driven): boolean =>
  verdict === 'inconclusive' &&
  findings.every((finding) => finding.verdict !== 'inconclusive' || finding.facet === 'timing') &&
  trace.some(({ entry }) => {
    if (!('event' in entry)) return false;
    return entry.event === 'held-up' || (entry.event === 'frame' && entry.error > blurring);
  });

/** Settles when control has answered once more, or turned out to be broken. */
const hearFrom = (control: LiveSession['control']): Promise<void> =>
  new Promise((resolve) => {
    if (control === undefined) resolve();
    else control.perform({ verb: 'health' }, () => resolve());
  });

const lossOf = ({ droppedByKernel, droppedByInterface }: LinkCounters): number => droppedByKernel + droppedByInterface;

/** Makes the implementation as it is when it was just started, as far as these addresses see it; else says why not. */
const prepare = async (
  freshStart: LiveSession['freshStart'],
  addresses: readonly string[],
): Promise<string | undefined> => {
  const cannot = 'the implementation may remember earlier cases';
  if (freshStart === undefined) return `${cannot}: its control has no way to reset it`;
  const answer = await freshStart.begin(addresses);
  switch (answer.answer) {
    case 'ok':
      return undefined;
    case 'unsupported':
      return `${cannot}: its control does not support a reset`;
    case 'failed':
    case 'lost':
      return `${cannot}: ${answer.why}`;
  }
};

/** The case as it was, or judged again with what it must be doubted for, and the loss when frames were lost during its life. */
const settleCase = async (
  session: LiveSession,
  plan: Plan,
  driven: Driven,
  lossBefore: number,
  doubt: string | undefined,
): Promise<Driven> => {
  const lost = lossOf(await session.settle()) - lossBefore;
  const why = lost > 0 ? `the capture lost ${lost} frames while the case ran` : doubt;
  if (why === undefined || driven.judgement.verdict === 'error') return driven;
  return { ...driven, ...rejudge(plan, withDisturbance(driven.trace, why)) };
};

/** The same trace with a disturbance right behind its first event. */
const withDisturbance = (trace: Trace, why: string): Trace => {
  const [first, ...rest] = trace;
  if (first === undefined) return trace;
  const disturbed: TraceEntry = { at: first.at, entry: { event: 'disturbed', at: first.at, why } };
  return [first, disturbed, ...rest];
};
