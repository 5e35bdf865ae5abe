/** The context of the blocks of a section: its byte order and the interfaces described so far. */
import type { Clock } from './time-resolution.js';

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly name: string | undefined;
  readonly clock: Clock;
}

export interface Section {
  readonly littleEndian: boolean;
  /** How many interfaces earlier sections had: the file-wide index of this section's first one. */
  readonly base: number;
  /** Grows with each description. */
  readonly interfaces: Interface[];
}
