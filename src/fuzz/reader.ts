/**
 * What of the program reads octets that others write, and what has to hold whatever comes: nothing is thrown, and what is
 * wrong is said in words.
 */
import type { Choose } from '../protocol/fuzz/mutations.js';

export interface Reader {
  readonly name: string;
  /** What has to hold of every input. */
  readonly promises: string;
  /** Inputs in one batch. */
  readonly batch: number;
  /** Inputs that are right, to be damaged. */
  originals(): readonly Uint8Array[];
  /** A damaged copy; `other` is another original, to take pieces from. */
  damage(original: Uint8Array, choose: Choose, other: Uint8Array): Uint8Array;
  /** What does not hold of an input, in words. Whatever it throws does not hold, either. */
  read(input: Uint8Array): string | undefined | Promise<string | undefined>;
}
