/** Times that a run sets if a case gives none. */

/** Bounds in nanoseconds. */
export interface Timing {
  /** How long an answer may take if a case gives no time; a later answer is missing. */
  readonly reaction: bigint;
  /** How long a silence lasts if a case gives no time. */
  readonly silence: bigint;
  /** How long the tester waits after an explicit bound, to distinguish a late segment from a missing one. */
  readonly grace: bigint;
  /** How long the tester waits for the answer to a sentinel before it sends another. */
  readonly sentinel: bigint;
  /**
   * The least time between segments on different paths that a case sends in direct succession: on real links segments
   * sent at once arrive in any order, and a case means the order in which it is written. Absent if the link keeps the
   * order.
   */
  readonly crossing?: bigint;
}

export const defaultTiming: Timing = {
  reaction: 2_000_000_000n,
  silence: 300_000_000n,
  grace: 100_000_000n,
  sentinel: 1_000_000_000n,
};
