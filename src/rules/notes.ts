/**
 * The findings of rules: one outcome each time that a segment could have kept or broken a rule. A reader that sees only
 * part of a conversation does not know which segments arrived. So the outcome is `violated` only if a host contradicts
 * what it sent itself, or what it has demonstrably received; otherwise it is `unknown`.
 */
import type { MptcpVersion } from '../protocol/keys/hash.js';
import type { Flow } from './conversation/endpoint.js';
import type { Rule } from './rule.js';

/**
 * `kept` and `violated` are about the host; `unknown`: the reader has not seen what the rule must know; `damaged`: the
 * captured frame differs from the frame on the wire (cut frames, checksums that offloading left unfinished, corruption).
 */
export type Outcome = 'kept' | 'violated' | 'unknown' | 'damaged';

export interface Note {
  readonly outcome: Exclude<Outcome, 'kept'>;
  readonly rule: Rule;
  readonly version: MptcpVersion;
  readonly flow: Flow;
  /** Counted from 1 in the order in which the reader took them; first the segment judged, then those it was compared with. */
  readonly frames: readonly number[];
  /** What was expected and what came. Computed only if the note is kept. */
  readonly sentence: () => string;
}

/** The sink of the rules' findings. */
export interface Notes {
  kept(rule: Rule, version: MptcpVersion): void;
  note(note: Note): void;
}
