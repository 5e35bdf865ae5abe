/**
 * How fast cases begin: one a tick, and none while this process is late, because cases under way must be answered at once
 * for exact times. A case costs this process and the implementation a millisecond or two; the pause leaves both of them
 * half of their time, and still begins all cases within a few seconds. Nanoseconds.
 */
import type { Clock } from '../../net/clock/clock.js';

const pause = 3_000_000n;
/** A tick that is later than this begins no case. */
const tolerableDelay = 2_000_000n;

export class Pace {
  #breathing = false;

  constructor(
    private readonly clock: Clock,
    private readonly begin: () => void,
  ) {}

  /** Schedules a tick, after a pause; there is never more than one. */
  breathe(): void {
    if (this.#breathing) return;
    this.#breathing = true;
    const due = this.clock.now() + pause;
    this.clock.at(due, () => {
      this.#breathing = false;
      if (this.clock.now() - due > tolerableDelay) this.breathe();
      else this.begin();
    });
  }
}
