/** A captured TCP segment as the rules see it, with its frame and the end that sent it. */
import { TcpFlag } from '../../protocol/wire/packet.js';
import type { SegmentView } from '../../protocol/wire/segment-view.js';

/** The ends of a subflow: the one that sent the SYN, and the one that answered it. */
export type End = 'opener' | 'listener';

export const otherEnd = (end: End): End => (end === 'opener' ? 'listener' : 'opener');

export interface Segment {
  /** Counted from 1. */
  readonly frame: number;
  /** When it was seen, nanoseconds; 0 for a reader without a clock. */
  readonly at: bigint;
  readonly sender: End;
  /** Valid while the segment is judged. */
  readonly tcp: SegmentView;
}

/** Number of octets of the stream; text of a reset is not part of it (RFC 9293 section 3.5.3). */
export const streamLength = ({ tcp }: Segment): number => ((tcp.flags & TcpFlag.RST) === 0 ? tcp.payloadLength : 0);

export const hasPayload = (segment: Segment): boolean => streamLength(segment) > 0;
