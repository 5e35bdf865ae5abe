/**
 * Time that passes only when it is told to. Nothing sleeps: `advance` jumps from one due event to the next, so an hour of
 * protocol timers takes as long as the code that runs in them. Starts at 0 unless told otherwise.
 */
import type { Alarm, Clock, Time } from './clock.js';
import { EventQueue } from './event-queue.js';

export class VirtualClock implements Clock {
  readonly #queue = new EventQueue();
  #now: Time;

  constructor(start: Time = 0n) {
    this.#now = start;
  }

  now(): Time {
    return this.#now;
  }

  /** Events of the same time run in the order in which they were asked for; one in the past runs at the present time. */
  at(time: Time, callback: () => void): Alarm {
    return this.#queue.add(time > this.#now ? time : this.#now, callback);
  }

  /** Runs due events in order of time until `done()` holds, asked before every event, or until no event is left. */
  advance(done: () => boolean): void {
    while (!done()) {
      const next = this.#queue.nextTime();
      if (next === undefined) return;
      this.#now = next;
      this.#queue.takeDue(next)?.();
    }
  }

  /** Runs everything due up to and including `time`, and stops there. */
  advanceTo(time: Time): void {
    this.advance(() => {
      const next = this.#queue.nextTime();
      return next === undefined || next > time;
    });
    if (time > this.#now) this.#now = time;
  }
}
