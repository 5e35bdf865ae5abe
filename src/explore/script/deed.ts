/** What one end was given and what it sent in answer: the part of a schedule that a case for that end has to repeat. */
import type { Input } from '../endpoint.js';
import type { Frame } from '../frame-table.js';

export interface Deed {
  readonly input: Input;
  /** Segments sent in answer, in order. */
  readonly sent: readonly Frame[];
  /** The end's own clock afterwards, in nanoseconds. */
  readonly now: bigint;
}
