/**
 * Frames in place, for readers of millions of frames: a walk moves over the octets that were read from a file, and
 * allocates nothing per frame. The values of a walk are valid until it moves on.
 */

/** The octets `from` to `to` (exclusive) of the buffer are a frame with a link header of this LINKTYPE number. */
export interface FrameInPlace {
  readonly octets: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly linkType: number;
  /** Whether the frame had more octets than were captured. */
  readonly isCut: boolean;
}

/** Starts before the first frame. */
export interface FrameWalk extends FrameInPlace {
  /** When the frame was captured, nanoseconds since 1970; computed on access. */
  readonly at: bigint;
  /** Moves to the next frame; false after the last one of the buffer. */
  next(): boolean;
}
