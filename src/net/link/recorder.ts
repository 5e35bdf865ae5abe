/**
 * A link that shows everything that passes to a sink, in the order in which it passed: what a capture file is written
 * from. Arrivals reach the sink before the listeners, so an answer never stands before its cause.
 */
import type { Clock, Time } from '../clock/clock.js';
import { forward } from './forward.js';
import type { Link, PathId } from './link.js';

export interface PassedFrame {
  readonly direction: 'sent' | 'received';
  readonly path: PathId;
  readonly frame: Uint8Array;
  /** When it was handed to the link (sent), or the arrival's own time (received). */
  readonly at: Time;
  /** How much too late `at` may be; 0 for sent frames. */
  readonly error: Time;
}

/** Wraps a link. Sent frames reach the sink as they are: it must copy those that it keeps while the sender reuses its buffer. */
export const recordLink = (inner: Link, clock: Clock, sink: (passed: PassedFrame) => void): Link => {
  inner.subscribe(({ path, frame, at, error }) => sink({ direction: 'received', path, frame, at, error }));
  return {
    ...forward(inner),
    send(path, frame) {
      const at = clock.now();
      inner.send(path, frame);
      sink({ direction: 'sent', path, frame, at, error: 0n });
    },
  };
};
