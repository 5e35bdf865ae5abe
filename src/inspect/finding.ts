/**
 * What a passive check has to say about a requirement: one observation each time a segment could have kept or violated it.
 * An observer does not know what reached whom, so `violated` is said only where one host contradicts what it sent itself, or
 * what it has demonstrably received; everything else is `unknown`.
 */
import type { Flow } from './endpoint.js';

/**
 * `kept` and `violated` speak of the host; `unknown` says that keys or the start were not captured; `damaged` that the
 * capture does not show what went over the wire (cut frames, checksums that offloading left unfinished, corruption).
 */
export type Outcome = 'kept' | 'violated' | 'unknown' | 'damaged';

export interface Observation {
  readonly outcome: Outcome;
  /** Counted from 1, in the order of the capture; the segment that was judged first, then those it was compared with. */
  readonly frames: readonly number[];
  /** Both ends, whoever sent the SYN first: `10.0.0.1:4000 > 10.0.0.2:80`. */
  readonly flow: string;
  /** What was expected and what came. */
  readonly sentence: string;
}

/** Where the rules leave what they observe. The sentence is made only when it is kept as an example. */
export interface Notes {
  kept(requirement: string): void;
  violated(requirement: string, flow: Flow, frames: readonly number[], sentence: () => string): void;
  unknown(requirement: string, flow: Flow, frames: readonly number[], sentence: () => string): void;
  damaged(requirement: string, flow: Flow, frames: readonly number[], sentence: () => string): void;
}
