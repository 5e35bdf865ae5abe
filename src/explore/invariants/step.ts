/** One step of one end, as the invariants of a single step see it. */
import type { Frame } from '../frame-table.js';
import type { Ledger } from '../ledger.js';
import type { Pair, Side } from '../pair.js';

/** What an end heard and sent, and its ledgers before and after. */
export interface Step {
  readonly pair: Pair;
  readonly side: Side;
  readonly before: Ledger;
  readonly after: Ledger;
  readonly heard: Frame | undefined;
  readonly sent: readonly Frame[];
  /** The end's own clock, in nanoseconds. */
  readonly now: bigint;
}
