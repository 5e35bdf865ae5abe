/**
 * What a decoder returns instead of a value when octets do not have the form they claim.
 * Decoders are total: they return this, they never throw on wire content.
 */
export interface Malformed {
  /** Where in the structure, outermost first, e.g. `tcp/options/2/mp_join/token`. */
  readonly path: string;
  /** Octets from the start of the frame (or of the buffer handed to the decoder). */
  readonly offset: number;
  /** What was needed and what was there, e.g. `3 octets left, 4 needed`. */
  readonly why: string;
}
