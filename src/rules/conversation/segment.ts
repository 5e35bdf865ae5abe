/**
 * A captured TCP segment as the rules see it: which end of its flow sent it, in which frame.
 */
import type { SegmentView } from '../../protocol/wire/segment-view.js';

/** The ends of a subflow: whoever sent the SYN, and whoever answered it. */
export type End = 'opener' | 'listener';

export const otherEnd = (end: End): End => (end === 'opener' ? 'listener' : 'opener');

export interface Segment {
  /** Counted from 1. */
  readonly frame: number;
  /** When it was seen, nanoseconds; 0 where nobody keeps time. */
  readonly at: bigint;
  readonly sender: End;
  /** Valid while the segment is judged. */
  readonly tcp: SegmentView;
}
