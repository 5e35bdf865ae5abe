/**
 * A captured TCP segment as the rules see it: which end of its flow sent it, in which frame.
 */
import { TcpFlag } from '../../protocol/wire/packet.js';
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

/** Octets of the stream; what a reset carries is none of them (RFC 9293 section 3.5.3). */
export const streamLength = ({ tcp }: Segment): number => ((tcp.flags & TcpFlag.RST) === 0 ? tcp.payloadLength : 0);

export const hasPayload = (segment: Segment): boolean => streamLength(segment) > 0;
