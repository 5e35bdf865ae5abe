/**
 * Blurred attempts: those that this machine itself spoilt. It was held up for so long that the order or the times of segments
 * were not what the case asks for, or its capture lost frames. One that comes to nothing better than inconclusive has shown
 * nothing of the implementation.
 */
import type { ExpandedCase } from '../suite/catalogue/case.js';
import type { TraceEntry } from '../suite/trace/trace.js';
import type { Driven } from './drive-case.js';

/** Attempts at a case, in all; what the last one comes to counts, whatever it is. */
const mostAttempts = 3;
/** Nanoseconds that segments on different paths are apart where a case means an order: more turns it round. */
const blurring = 5_000_000n;

const isBlurred = ({ judgement: { verdict, findings }, trace }: Driven): boolean => {
  switch (verdict) {
    case 'fail':
      // That the implementation is gone is nothing that this machine only seems to see.
      return (
        !findings.some((finding) => finding.class === 'crash') && trace.some(({ entry }) => delayIn(entry) > blurring)
      );
    case 'inconclusive':
      return (
        trace.some(({ entry }) => 'event' in entry && entry.event === 'disturbed') ||
        // Within the usual error of a bound it is the implementation that is close to it, and the verdict stays.
        (findings.every((finding) => finding.verdict !== 'inconclusive' || finding.facet === 'timing') &&
          trace.some(({ entry }) => ('event' in entry && entry.event === 'held-up') || delayIn(entry) > blurring))
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
export class Attempts {
  readonly #blurred = new Map<ExpandedCase, number>();

  /** The seed of the next attempt: one of its own, as ports and numbers must not meet those of the attempt before. */
  seedOf(each: ExpandedCase, seed: string): string {
    const before = this.#blurred.get(each) ?? 0;
    return before === 0 ? seed : `${seed}~${before + 1}`;
  }

  /** Whether what an attempt came to is void, and another one is due. */
  isVoid(each: ExpandedCase, driven: Driven): boolean {
    if (!isBlurred(driven)) return false;
    const attempts = (this.#blurred.get(each) ?? 0) + 1;
    this.#blurred.set(each, attempts);
    return attempts < mostAttempts;
  }
}
