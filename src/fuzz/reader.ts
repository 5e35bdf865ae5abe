/**
 * The parts of the program that read foreign octets, and the condition for any input: no exception, and errors reported
 * as messages.
 */
import type { Choose } from '../protocol/fuzz/mutations.js';

export interface Reader {
  readonly name: string;
  /** The condition of every input. */
  readonly promises: string;
  /** Inputs in one batch. */
  readonly batch: number;
  /** Valid inputs, to be damaged. */
  originals(): readonly Uint8Array[];
  /** A damaged copy; `other` is another original, to take pieces from. */
  damage(original: Uint8Array, choose: Choose, other: Uint8Array): Uint8Array;
  /** The violated conditions of an input, in words. An exception is a violation, too. */
  read(input: Uint8Array): string | undefined | Promise<string | undefined>;
}
