/** The request for a run, from the command line of `run`, or from `start`. */

import type { Selection } from '../suite/catalogue/selection.js';
import type { Shard } from '../suite/catalogue/shard.js';
import type { ExpandedCase } from '../suite/language/case.js';

export interface RunRequest {
  /** As for `--iut`. */
  readonly iut: string;
  readonly selection: Selection;
  /** The part of the selection to run; absent: all of it. */
  readonly shard?: Shard | undefined;
  /** Directories or files with cases; none: the bundled catalogue. */
  readonly catalogue: readonly string[];
  readonly seed: string;
  /** Cases at once on live links. */
  readonly jobs: number;
  readonly shuffle: boolean;
  /** Every case on every subject to which it applies, not only on the first. */
  readonly exhaustive?: boolean;
  /** This case instead of a selection of the catalogue: a replayed one. */
  readonly replayed?: ExpandedCase;
  /** Evidence of green cases as well. */
  readonly keepAll?: boolean;
  /** How often red cases run again. */
  readonly confirm: number;
  /** Directory for results; made if absent. */
  readonly out: string;
  /** Program and arguments that were given, for the record. */
  readonly command: readonly string[];
}
