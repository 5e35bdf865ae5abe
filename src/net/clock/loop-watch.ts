/**
 * An upper bound of how long an arrival may have waited for this process: the error of every timestamp that is taken in a
 * callback. It is not estimated from a distribution; it is a bound for each single moment.
 *
 * While the event loop waits in the kernel, an arrival wakes it at once. So an arrival waits only while the loop runs
 * other callbacks, or while the woken thread waits for a processor. Both are counted for us: Node accounts the time that
 * the loop spent waiting (`idleTime`), Linux the time that the thread spent on a run queue (`schedstat`). If at moment m
 * or later nothing was waiting, what is found at moment n has waited at most
 *
 *     (n - m) - (idle(n) - idle(m)) + (queued(n) - queued(m)).
 *
 * Such a moment m is any at which the loop was looked at and after which `idleTime` grew: libuv waits only when a first
 * poll, which does not count as idle, found nothing. The rest, from the wire to the wake-up, is the kernel's time and is
 * calibrated (`wake-up.ts`).
 * Alternatives considered: a heartbeat timer (its rounding is a millisecond) and `monitorEventLoopDelay` (a histogram
 * says what delays there were, not which one a given frame met).
 */
import { performance } from 'node:perf_hooks';
import { RunQueueDelay } from './run-queue.js';

/** The counts at one moment, all in nanoseconds. */
export interface Moment {
  readonly at: number;
  readonly idle: number;
  readonly queued: number;
}

const nanosecondsPerMillisecond = 1e6;

class LoopWatch {
  readonly #runQueue = new RunQueueDelay();
  /** The last look. */
  #last: Moment = this.moment();
  /** The last look that the loop's waiting followed, or a later moment at which nothing was waiting. */
  #empty: Moment = this.#last;

  /** Whether waiting for a processor is counted; if not, the bound holds only while a processor is free. */
  get countsRunQueue(): boolean {
    return this.#runQueue.readable;
  }

  moment(): Moment {
    return {
      at: Number(process.hrtime.bigint()),
      idle: performance.nodeTiming.idleTime * nanosecondsPerMillisecond,
      queued: this.#runQueue.read(),
    };
  }

  /** The longest that something found at `now` can have waited, if nothing waited at `empty`. */
  waited(empty: Moment, now: Moment): number {
    const busy = now.at - empty.at - (now.idle - empty.idle);
    return Math.max(0, busy) + Math.max(0, now.queued - empty.queued);
  }

  /** The longest that something which the loop hands over at `now` can have waited. */
  bound(now: Moment): number {
    return this.waited(now.idle > this.#last.idle ? this.#last : this.#empty, now);
  }

  /** Notes the present moment. Any callback may call this, preferably at its end; more calls give a tighter bound. */
  look(): void {
    const now = this.moment();
    if (now.idle > this.#last.idle && this.#last.at > this.#empty.at) this.#empty = this.#last;
    this.#last = now;
  }

  /** The loop has asked the kernel for arrivals since `moment` and handed all of them over. */
  polledSince(moment: Moment): void {
    if (moment.at > this.#empty.at) this.#empty = moment;
  }
}

let watch: LoopWatch | undefined;

/** The one watch of this process's event loop, started at the first call. */
export const loopWatch = (): LoopWatch => {
  watch ??= new LoopWatch();
  return watch;
};
