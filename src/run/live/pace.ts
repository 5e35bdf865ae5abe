/**
 * How fast cases begin: one a breath, and none while this process is late, because what is under way must be answered at
 * once, or its times blur. A case costs this process and the implementation a millisecond or two; the pause leaves both of
 * them half of their time, and still begins more cases in a few seconds than there are. Nanoseconds.
 */
import type { Clock } from '../../net/clock/clock.js';

const pause = 3_000_000n;
/** A breath that comes later than this begins nothing. */
const tolerableDelay = 2_000_000n;

export class Pace {
  #breathing = false;

  constructor(
    private readonly clock: Clock,
    private readonly begin: () => void,
  ) {}

  /** Lets a breath come, after a pause; there is never more than one. */
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
