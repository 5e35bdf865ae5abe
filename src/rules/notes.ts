/**
 * What the rules have to say: one outcome each time a segment could have kept or broken a rule. A reader that sees only part
 * of a conversation does not know what reached whom, so `violated` is said only where one host contradicts what it sent
 * itself, or what it has demonstrably received; everything else is `unknown`.
 */
import type { MptcpVersion } from '../protocol/keys/hash.js';
import type { Flow } from './conversation/endpoint.js';
import type { Rule } from './rule.js';

/**
 * `kept` and `violated` speak of the host; `unknown`: the reader has not seen what the rule must know; `damaged`: what was
 * captured is not what went over the wire (cut frames, checksums that offloading left unfinished, corruption).
 */
export type Outcome = 'kept' | 'violated' | 'unknown' | 'damaged';

export interface Note {
  readonly outcome: Exclude<Outcome, 'kept'>;
  readonly rule: Rule;
  readonly version: MptcpVersion;
  readonly flow: Flow;
  /** Counted from 1 in the order in which the reader took them; first the segment judged, then those it was compared with. */
  readonly frames: readonly number[];
  /** What was expected and what came. Made only when somebody keeps it. */
  readonly sentence: () => string;
}

/** Where the rules leave what they find. */
export interface Notes {
  kept(rule: Rule, version: MptcpVersion): void;
  note(note: Note): void;
}
