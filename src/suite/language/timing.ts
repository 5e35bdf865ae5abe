/** The times of a run that a case leaves open. */

/** Bounds in nanoseconds. */
export interface Timing {
  /** How long an answer may take where a case names no time: later is missing. */
  readonly reaction: bigint;
  /** How long a silence lasts where a case names no time. */
  readonly silence: bigint;
  /** How long a segment is still waited for after an explicit bound, to tell late from missing. */
  readonly grace: bigint;
  /** How long a sentinel may take to be answered before it is sent once more. */
  readonly sentinel: bigint;
  /**
   * How far apart segments on different paths leave at least where a case sends one right after the other: on real wires
   * what leaves at once arrives in any order, and a case means the order in which it is written. Absent where order is kept.
   */
  readonly crossing?: bigint;
}

export const defaultTiming: Timing = {
  reaction: 2_000_000_000n,
  silence: 300_000_000n,
  grace: 100_000_000n,
  sentinel: 1_000_000_000n,
};
