/** The world of a case: its share of a session. One interface for simulated and live time. */

import type { Control } from '../iut/contract.js';
import type { Alarm, Clock, Time } from '../net/clock/clock.js';
import type { Arrival, PathId } from '../net/link/link.js';

export interface World {
  readonly clock: Clock;
  send(path: PathId, frame: Uint8Array): void;
  /** Every frame to one of the case's own tester addresses. Returns the unsubscriber. */
  subscribe(listener: (arrival: Arrival) => void): () => void;
  readonly control?: Pick<Control, 'perform'> | undefined;
  /**
   * Calls back at `time` or as soon as possible after it, when every frame that arrived by then has been delivered. Under
   * virtual time that is `time` itself.
   */
  settle(time: Time, callback: () => void): Alarm;
}

/** Settling under virtual time: no frame under way is older than the present. */
export const settleVirtual = (clock: Clock): World['settle'] => {
  return (time, callback) => clock.at(time, callback);
};

/**
 * Settling under real time. When the clock calls back, earlier frames may still wait in the kernel or in the link's
 * queue: the event loop reads them (one turn), then the link delivers them (another turn).
 */
export const settleReal = (clock: Clock): World['settle'] => {
  return (time, callback) => {
    let alarm = clock.at(time, () => {
      alarm = clock.at(time, () => {
        alarm = clock.at(time, callback);
      });
    });
    return { cancel: () => alarm.cancel() };
  };
};
