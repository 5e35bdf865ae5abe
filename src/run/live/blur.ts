/**
 * Blurred attempts: those that this machine itself spoilt. The tester, or an implementation that is a process of the same
 * machine, was held up for so long that the order or the times of segments were not what the case asks for, or the capture
 * lost frames. One that comes to nothing better than inconclusive has shown nothing of the implementation then. Nor has one that
 * passes, where the case concludes something from a time in which nothing came, and the delay may have reached into it: what should
 * not have come may only have been late.
 *
 * A process that was kept from the processor finds what came on two paths meanwhile in any order. So each attempt leaves
 * more time between them than the one before.
 */
import type { Time } from '../../net/clock/clock.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Step, Window } from '../../suite/language/step.js';
import type { PlanSettings } from '../../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';
import type { Driven } from '../drive-case.js';

/** Attempts at a case, in all; a failure in the last one counts. */
const mostAttempts = 3;
/** The same for attempts that pass: what the last one comes to is inconclusive. */
const mostPassing = 5;
/**
 * A silence ends with a sentinel, which a host answers after what it has to do before. One that answers later than this was held up
 * at that moment, and what should have broken the silence may have been held up with it. Nanoseconds.
 */
const promptly = 50_000_000n;
/** A delay of this part of a time before which nothing may come may have put off what came too early. */
const partOfBound = 2n;
/** Nanoseconds that segments on different paths are apart where a case means an order: more turns it round. */
const blurring = 5_000_000n;
/** By how much further apart they are in the next attempt. */
const slower = 4n;

/** An attempt, and for how long the implementation was kept from a processor in it. */
interface Try {
  readonly driven: Driven;
  readonly heldUp: Time;
}

/** The shortest time of these steps before which nothing may come; undefined where there is none. */
const leastBound = (steps: readonly Step[]): Time | undefined =>
  steps
    .flatMap(boundsOf)
    .reduce<Time | undefined>((least, each) => (least === undefined || each < least ? each : least), undefined);

const boundsOf = (step: Step): readonly Time[] => {
  switch (step.step) {
    case 'expect':
    case 'any-order':
      return ofWindow(step.window);
    case 'one-of':
      return [...ofWindow(step.window), ...step.alternatives.flatMap(({ next }) => next.flatMap(boundsOf))];
    case 'declared':
      return [...step.steps, ...step.otherwise].flatMap(boundsOf);
    case 'silence':
    case 'send':
    case 'icmp':
    case 'wait':
    case 'control':
      return [];
  }
};

const ofWindow = ({ after }: Window): readonly Time[] => (after === undefined ? [] : [after]);

/** How long the slowest answer to a sentinel took. */
const slowestSentinel = (trace: Trace): Time => {
  let sent: Time | undefined;
  let slowest = 0n;
  for (const { at, entry, note } of trace) {
    if (note?.step !== 'sentinel') continue;
    if ('action' in entry) {
      if (note.text.includes('SYN')) sent = at;
    } else if (note.taken === 'matched' && sent !== undefined && at - sent > slowest) slowest = at - sent;
  }
  return slowest;
};

/** Whether a pass, or what is nearly one, may be due to a delay. */
const mayHide = (each: ExpandedCase, { driven: { trace }, heldUp }: Try): boolean => {
  if (slowestSentinel(trace) > promptly) return true;
  const bound = leastBound(each.steps);
  if (bound === undefined) return false;
  const limit = bound / partOfBound;
  return heldUp > limit || trace.some(({ entry }) => delayIn(entry) > limit);
};

const isBlurred = (each: ExpandedCase, tried: Try): boolean => {
  const { driven, heldUp } = tried;
  const { judgement, trace } = driven;
  const { verdict, findings } = judgement;
  const delayed = (): boolean => heldUp > blurring || trace.some(({ entry }) => delayIn(entry) > blurring);
  switch (verdict) {
    case 'fail':
      // That the implementation is gone is nothing that this machine only seems to see.
      return !findings.some((finding) => finding.class === 'crash') && delayed();
    case 'inconclusive':
      return (
        trace.some(({ entry }) => 'event' in entry && entry.event === 'disturbed') ||
        // Within the usual error of a bound it is the implementation that is close to it, and the verdict stays.
        (findings.every((finding) => finding.verdict !== 'inconclusive' || finding.facet === 'timing') &&
          (trace.some(({ entry }) => 'event' in entry && entry.event === 'held-up') || delayed()))
      );
    case 'pass':
    case 'info':
    case 'nonstrict':
      return mayHide(each, tried);
    case 'unsupported':
    case 'error':
      return false;
  }
};

/** How late this process may have been with what an entry tells. */
const delayIn = (entry: TraceEntry['entry']): bigint => {
  if (!('event' in entry)) return 0n;
  switch (entry.event) {
    case 'held-up':
      return entry.lag;
    case 'frame':
      return entry.error;
    case 'started':
    case 'timer':
    case 'control':
    case 'disturbed':
      return 0n;
  }
};

const isGreen = (verdict: Driven['judgement']['verdict']): boolean =>
  verdict === 'pass' || verdict === 'info' || verdict === 'nonstrict';

/** Counts the attempts at each case. */
export class Tries {
  readonly #blurred = new Map<ExpandedCase, number>();

  /**
   * Settings of the next attempt: a seed of its own, as ports and numbers must not meet those of the attempt before, and more
   * time between segments on different paths.
   */
  settingsOf(each: ExpandedCase, settings: PlanSettings): PlanSettings {
    const before = this.#blurred.get(each) ?? 0;
    if (before === 0) return settings;
    const { seed, timing } = settings;
    const crossing = (timing.crossing ?? blurring) * slower ** BigInt(before);
    return { ...settings, seed: `${seed}~${before + 1}`, timing: { ...timing, crossing } };
  }

  /**
   * Whether what an attempt came to counts, is void, so that another one is due, or is doubtful: a pass that was void each time.
   */
  weigh(each: ExpandedCase, tried: Try): 'counts' | 'void' | 'doubtful' {
    if (!isBlurred(each, tried)) return 'counts';
    const attempts = (this.#blurred.get(each) ?? 0) + 1;
    this.#blurred.set(each, attempts);
    const passes = isGreen(tried.driven.judgement.verdict);
    if (attempts < (passes ? mostPassing : mostAttempts)) return 'void';
    return passes ? 'doubtful' : 'counts';
  }
}
