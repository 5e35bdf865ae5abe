/**
 * The record of one case, in order: every event given to the interpreter and every action it took. Immutable. Feeding the
 * events of a trace to a fresh interpreter with the same plan gives the same actions and the same verdict.
 */
import type { ScenarioAction, ScenarioEvent } from '../scenario/contract.js';

export interface TraceEntry {
  readonly at: bigint;
  readonly entry: ScenarioEvent | ScenarioAction;
  /** The interpreter's remark: the step concerned and how the segment was taken. */
  readonly note?: TraceNote;
}

export interface TraceNote {
  /** Step by position from 1 with its label, e.g. `4` or `4 (late SYN)`; `sentinel`, `closing` outside the steps. */
  readonly step: string;
  /** `awaited` is on the timer that a step arms: it waits from `at` of the entry until `at` of the action. */
  readonly taken: 'sent' | 'matched' | 'mismatched' | 'unexpected' | 'ignored' | 'held' | 'foreign' | 'awaited';
  /** The flow on which a step sent the segment or took it. */
  readonly flow?: string;
  /** The ignore rule's name, for `ignored`. */
  readonly rule?: string;
  /** One line of text: flow, segment, options. */
  readonly text: string;
}

export type Trace = readonly TraceEntry[];
