/**
 * Frames where they lie: who reads millions of them moves over the octets that were read from a file, and nothing is made for
 * any single frame. What a walk shows is valid until it moves on.
 */

/** The octets `from` to `to` (exclusive) of what was read are a frame with a link header of this LINKTYPE number. */
export interface FrameInPlace {
  readonly octets: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly linkType: number;
  /** Whether the frame had more octets than were captured. */
  readonly isCut: boolean;
}

/** Stands before the first frame until it is moved. */
export interface FrameWalk extends FrameInPlace {
  /** When the frame was captured, nanoseconds since 1970; put together when somebody asks. */
  readonly at: bigint;
  /** Moves to the next frame; false after the last one of what was read. */
  next(): boolean;
}
