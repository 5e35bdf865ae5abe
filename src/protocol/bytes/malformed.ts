/**
 * What a decoder returns instead of a value when octets do not have the form they claim.
 * Decoders are total: they return this, they never throw on wire content.
 */
import { countOctets } from './count-octets.js';
export interface Malformed {
  /** Where in the structure, outermost first, e.g. `tcp/options/2/mp_join/token`. */
  readonly path: string;
  /** Octets from the start of the frame (or of the buffer handed to the decoder). */
  readonly offset: number;
  /** What was needed and what was present, e.g. `3 octets left, 4 needed`. */
  readonly why: string;
}

export const malformed = (path: string, offset: number, why: string): Malformed => ({ path, offset, why });

/** Distinguishes a value from the report that there is none; no decoded value has a field `why`. */
export const isMalformed = (value: object): value is Malformed => 'why' in value;

/** The report when `needed` octets must follow `offset` but the buffer or option ends at `end`; absent when they do. */
export function shortage(path: string, offset: number, end: number, needed: number): Malformed | undefined {
  const left = Math.max(0, end - offset);
  return left < needed ? malformed(path, offset, `${countOctets(left)} left, ${needed} needed`) : undefined;
}

/** The report for an option whose length octet fits none of its layouts. */
export function wrongLength(path: string, offset: number, length: number, possible: readonly number[]): Malformed {
  return malformed(`${path}/length`, offset, `length ${length}, ${possible.join(' or ')} possible`);
}
