/**
 * A link moves whole Ethernet frames over one or more paths. Real interfaces, memory and every wrapper (impairment,
 * neighbour responder) implement this contract, so a run does not depend on the kind of link.
 */
import type { Time } from '../clock/clock.js';

/** Paths are numbered from 1, as in the cases. */
export type PathId = number;

export interface Arrival {
  readonly path: PathId;
  readonly frame: Uint8Array;
  /** When the frame was on the wire, as exactly as the link can determine. */
  readonly at: Time;
  /** How much too late `at` may be, in nanoseconds; 0 under virtual time. */
  readonly error: Time;
}

export interface LinkCounters {
  readonly sent: number;
  readonly received: number;
  /** Frames that the capture lost in the kernel's buffer, or at least that many as far as can be known. */
  readonly droppedByKernel: number;
  /** Frames that the interface itself dropped. */
  readonly droppedByInterface: number;
}

export interface Link {
  readonly paths: readonly PathId[];
  /** Puts one frame on the wire of a path. Throws a LinkError if the path no longer exists. */
  send(path: PathId, frame: Uint8Array): void;
  /** Every arriving frame, in order of arrival per path; never the frames sent through this link. Returns the unsubscriber. */
  subscribe(listener: (arrival: Arrival) => void): () => void;
  counters(): LinkCounters;
  /**
   * Returns the counters once every frame that had reached the interface before the call was delivered or counted as
   * lost. Absent if no frame can be in transit unseen (memory, captures).
   */
  settle?(): Promise<LinkCounters>;
  close(): Promise<void>;
}

/** A link that cannot be opened or used: `message` gives the expected and the actual state, `remedy` the action. */
export class LinkError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'LinkError';
  }
}
