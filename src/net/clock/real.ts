/**
 * The machine's time: nanoseconds since the Unix epoch, read once from the system clock and counted on by the monotonic
 * one, so that a step of the system clock never makes a duration negative.
 *
 * A callback never runs before its time. Node's timers count whole milliseconds from a moment that the event loop noted
 * earlier, so one may fire up to a millisecond and a busy loop too soon: the clock sleeps through the whole milliseconds,
 * looks at the time again, and spends the rest in turns of the event loop, in which frames are still received. It may run
 * late, if the process is busy or not scheduled; `lateness` measures by how much.
 */
import type { Alarm, Clock, Time } from './clock.js';
import { EventQueue } from './event-queue.js';
import { loopWatch, type Moment } from './loop-watch.js';

export interface Lateness {
  /** Callbacks run so far. */
  readonly fired: number;
  /** The most that one of them was late, in nanoseconds. */
  readonly worst: Time;
  /** The sum over all of them, in nanoseconds. */
  readonly total: Time;
}

export interface RealClock extends Clock {
  lateness(): Lateness;
}

const nanosecondsPerMillisecond = 1_000_000n;
/** The longest sleep that a Node timer can count. */
const longestSleep = 2_147_483_647n;

export const realClock = (): RealClock => new MachineClock();

class MachineClock implements RealClock {
  readonly #origin = BigInt(Date.now()) * nanosecondsPerMillisecond - process.hrtime.bigint();
  readonly #queue = new EventQueue();
  #wakeUp: { readonly time: Time; cancel(): void } | undefined;
  /** When the present wake-up began; only while callbacks run. */
  #awakeSince: Moment | undefined;
  #fired = 0;
  #worst = 0n;
  #total = 0n;

  now(): Time {
    return this.#origin + process.hrtime.bigint();
  }

  at(time: Time, callback: () => void): Alarm {
    const alarm = this.#queue.add(time, () => {
      this.#note(this.now() - time);
      callback();
    });
    this.#wait();
    return {
      cancel: () => {
        alarm.cancel();
        // An empty clock must not keep the process alive.
        if (this.#queue.size === 0) this.#stopWaiting();
      },
    };
  }

  lateness(): Lateness {
    return { fired: this.#fired, worst: this.#worst, total: this.#total };
  }

  #note(late: Time): void {
    const lateness = late > 0n ? late : 0n;
    this.#fired += 1;
    this.#total += lateness;
    if (lateness > this.#worst) this.#worst = lateness;
  }

  /** Arranges the wake-up of the process for the earliest event. */
  #wait(): void {
    const time = this.#queue.nextTime();
    if (time === undefined) return;
    if (this.#wakeUp !== undefined && this.#wakeUp.time <= time) return;
    this.#stopWaiting();
    const sleep = (time - this.now()) / nanosecondsPerMillisecond;
    if (sleep < 1n) {
      const setIn = this.#awakeSince;
      const turn = setImmediate(() => this.#turn(setIn));
      this.#wakeUp = { time, cancel: () => clearImmediate(turn) };
    } else {
      const timeout = setTimeout(() => this.#awake(), Number(sleep < longestSleep ? sleep : longestSleep));
      this.#wakeUp = { time, cancel: () => clearTimeout(timeout) };
    }
  }

  /** An immediate set by a timer or by another immediate runs after the loop has polled; one set elsewhere need not. */
  #turn(setIn: Moment | undefined): void {
    if (setIn !== undefined) loopWatch().polledSince(setIn);
    this.#awake();
  }

  #awake(): void {
    this.#awakeSince = loopWatch().moment();
    this.#wakeUp = undefined;
    const now = this.now();
    // An event that is scheduled in the past from within an event runs after the waiting frames.
    const turn = this.#queue.turn;
    try {
      for (let due = this.#queue.takeDue(now, turn); due !== undefined; due = this.#queue.takeDue(now, turn)) due();
    } finally {
      this.#wait();
      this.#awakeSince = undefined;
      loopWatch().look();
    }
  }

  #stopWaiting(): void {
    this.#wakeUp?.cancel();
    this.#wakeUp = undefined;
  }
}
