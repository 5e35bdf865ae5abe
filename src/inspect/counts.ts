/** Counts of what was read from a capture, and of doubtful parts. */
import type { Attachment } from '../rules/conversation/connection.js';
import type { FrameCounts } from './frame-contents.js';

export interface InspectionCounts extends FrameCounts {
  readonly segments: number;
  /** Segments with a wrong TCP checksum, which a receiver would drop. */
  readonly corrupt: number;
  /** Segments whose checksum offloading left unfinished. */
  readonly unfinished: number;
  /** Segments that the capture's snap length cut, in their payload or before it. */
  readonly cut: number;
  /** Segments with a TCP option that cannot be read. */
  readonly malformedOptions: number;
  readonly flows: number;
  /** Flows whose SYN was not captured. */
  readonly withoutStart: number;
  /** Flows by the way they became part of an MPTCP connection. */
  readonly attached: Readonly<Record<Attachment, number>>;
  /** Flows forgotten to bound the memory, of which no end had been seen. */
  readonly forgotten: number;
  /** Flows captured a second time at another place, which are not judged. */
  readonly views: number;
}
