/** What of a capture was read, in figures, and what is doubtful about them. */
import type { Attachment } from '../rules/conversation/connection.js';

export interface InspectionCounts {
  readonly frames: number;
  readonly segments: number;
  /** Frames that could not be read as what they claim. */
  readonly malformed: number;
  /** Segments with a wrong TCP checksum, which a receiver would drop. */
  readonly corrupt: number;
  /** Segments whose checksum offloading left unfinished. */
  readonly unfinished: number;
  /** Segments cut by the capture's snap length. */
  readonly cut: number;
  readonly flows: number;
  /** Flows whose SYN was not captured. */
  readonly withoutStart: number;
  /** Flows by the way they became part of an MPTCP connection. */
  readonly attached: Readonly<Record<Attachment, number>>;
  /** Flows forgotten to bound the memory, of which no end had been seen. */
  readonly forgotten: number;
}
