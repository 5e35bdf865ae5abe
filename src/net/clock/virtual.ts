/**
 * Time that passes only on request. Nothing sleeps: `advance` jumps from one due event to the next, so an hour of
 * protocol timers takes only the time of the code that runs in them. Starts at 0 by default.
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

  /** Events of the same time run in the order in which they were scheduled; one in the past runs at the present time. */
  at(time: Time, callback: () => void): Alarm {
    return this.#queue.add(time > this.#now ? time : this.#now, callback);
  }

  /** Runs due events in order of time until `done()`, evaluated before every event, holds or until no event is left. */
  advance(done: () => boolean): void {
    while (!done()) {
      const next = this.#queue.nextTime();
      if (next === undefined) return;
      this.#now = next;
      this.#queue.takeDue(next)?.();
    }
  }

  /** Runs all events due up to and including `time`, and stops there. */
  advanceTo(time: Time): void {
    this.advance(() => {
      const next = this.#queue.nextTime();
      return next === undefined || next > time;
    });
    if (time > this.#now) this.#now = time;
  }
}
