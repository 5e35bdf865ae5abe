/**
 * Blurred attempts: those that this machine itself spoilt. The tester, or an implementation process on the same machine,
 * was delayed for so long that the order or the times of segments were not those of the case, or the capture lost frames.
 * If such an attempt fails or is inconclusive, it shows nothing about the implementation. If it passes because no segment
 * came in some time, and the delay may overlap that time, it shows nothing either: an unexpected segment may only have
 * been late.
 *
 * A process that waited for the processor may read the segments of two paths in any order. So each attempt leaves more
 * time between them than the one before.
 */
import type { Time } from '../../net/clock/clock.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { Step, Window } from '../../suite/language/step.js';
import type { PlanSettings } from '../../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';
import type { Driven } from '../drive-case.js';

/** Number of attempts in all; a failure of the last one counts. */
const mostAttempts = 3;
/** The same for passing attempts: the last one is inconclusive. */
const mostPassing = 5;
/**
 * A silence ends with a sentinel, which a host answers after all earlier work. A host that answers later than this was
 * delayed, and a segment that breaks the silence may have been delayed as well. Nanoseconds.
 */
const promptly = 50_000_000n;
/** If a delay is longer than this fraction of a lower bound, it may have hidden a segment that came too early. */
const partOfBound = 2n;
/**
 * Nanoseconds between segments on different paths whose order matters to a case: a longer delay may reverse the order.
 */
const blurring = 5_000_000n;
/** Factor by which this time grows for the next attempt. */
const slower = 4n;

/** An attempt, and how long the implementation waited for a processor in it. */
interface Try {
  readonly driven: Driven;
  readonly heldUp: Time;
}

/** The shortest lower bound of these steps; undefined if there is none. */
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

/** The time of the slowest answer to a sentinel. */
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
      // A dead implementation is no artefact of this machine.
      return !findings.some((finding) => finding.class === 'crash') && delayed();
    case 'inconclusive':
      return (
        trace.some(({ entry }) => 'event' in entry && entry.event === 'disturbed') ||
        // Within the usual error of a bound, the implementation itself is close to it, and the verdict stays.
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

/** How late this process may have been with the event of an entry. */
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
   * Settings of the next attempt: a seed of its own, so that ports and numbers differ from those of the attempt before,
   * and more time between segments on different paths.
   */
  settingsOf(each: ExpandedCase, settings: PlanSettings): PlanSettings {
    const before = this.#blurred.get(each) ?? 0;
    if (before === 0) return settings;
    const { seed, timing } = settings;
    const crossing = (timing.crossing ?? blurring) * slower ** BigInt(before);
    return { ...settings, seed: `${seed}~${before + 1}`, timing: { ...timing, crossing } };
  }

  /** Whether an attempt counts, is void, so that another one follows, or is doubtful: a pass that was void each time. */
  weigh(each: ExpandedCase, tried: Try): 'counts' | 'void' | 'doubtful' {
    if (!isBlurred(each, tried)) return 'counts';
    const attempts = (this.#blurred.get(each) ?? 0) + 1;
    this.#blurred.set(each, attempts);
    const passes = isGreen(tried.driven.judgement.verdict);
    if (attempts < (passes ? mostPassing : mostAttempts)) return 'void';
    return passes ? 'doubtful' : 'counts';
  }
}
