/**
 * Blurred attempts: those that this machine itself spoilt. The tester, or an implementation that is a process of the same
 * machine, was held up for so long that the order or the times of segments were not what the case asks for, or the capture
 * lost frames. One that comes to nothing better than inconclusive has shown nothing of the implementation.
 *
 * A process that was kept from the processor finds what came on two paths meanwhile in any order. So each attempt leaves
 * more time between them than the one before.
 */
import type { Time } from '../../net/clock/clock.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import type { PlanSettings } from '../../suite/scenario/plan.js';
import type { TraceEntry } from '../../suite/trace/trace.js';
import type { Driven } from '../drive-case.js';

/** Attempts at a case, in all; what the last one comes to counts, whatever it is. */
const mostAttempts = 3;
/** Nanoseconds that segments on different paths are apart where a case means an order: more turns it round. */
const blurring = 5_000_000n;
/** By how much further apart they are in the next attempt. */
const slower = 4n;

/** An attempt, and for how long the implementation was kept from a processor in it. */
interface Try {
  readonly driven: Driven;
  readonly heldUp: Time;
}

const isBlurred = ({ driven: { judgement, trace }, heldUp }: Try): boolean => {
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

  /** Whether what an attempt came to is void, and another one is due. */
  isVoid(each: ExpandedCase, tried: Try): boolean {
    if (!isBlurred(tried)) return false;
    const attempts = (this.#blurred.get(each) ?? 0) + 1;
    this.#blurred.set(each, attempts);
    return attempts < mostAttempts;
  }
}
