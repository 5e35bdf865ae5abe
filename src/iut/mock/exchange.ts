/**
 * A recorded case as cause and effect: the tester's actions (segments, requests to control), and the implementation's
 * reactions, each with its time after the tester's last action before it.
 */
import type { ControlAnswer, ControlCommand } from '../../suite/scenario/contract.js';
import type { Trace } from '../../suite/trace/trace.js';

/** `at` is the recorded time: actions of the tester at one moment may come in any order. */
export type Stimulus = { readonly at: bigint } & (
  | { readonly kind: 'frame'; readonly path: number; readonly frame: Uint8Array; readonly step: string }
  | { readonly kind: 'control'; readonly call: number; readonly command: ControlCommand }
);

export interface Reaction {
  /** How many of the stimuli, in their order, came before it. */
  readonly after: number;
  /** When it was recorded. */
  readonly at: bigint;
  /** Nanoseconds since the last of them; since the beginning of the case where there was none. */
  readonly delay: bigint;
  readonly what:
    | { readonly kind: 'frame'; readonly path: number; readonly frame: Uint8Array; readonly error: bigint }
    | { readonly kind: 'answer'; readonly call: number; readonly answer: ControlAnswer };
}

export interface Exchange {
  readonly stimuli: readonly Stimulus[];
  readonly reactions: readonly Reaction[];
}

export const exchangeOf = (trace: Trace): Exchange => {
  const stimuli: Stimulus[] = [];
  const reactions: Reaction[] = [];
  let last = trace[0]?.at ?? 0n;
  for (const { at, entry, note } of trace) {
    // A frame may have been stamped before the stimulus that it was handled after; it was no answer to that then.
    const delay = at > last ? at - last : 0n;
    const place = { after: stimuli.length, at, delay };
    if ('event' in entry) {
      if (entry.event === 'frame') {
        const { path, frame, error } = entry;
        reactions.push({ ...place, what: { kind: 'frame', path, frame, error } });
      }
      if (entry.event === 'control') {
        const { call, answer } = entry;
        reactions.push({ ...place, what: { kind: 'answer', call, answer } });
      }
    } else if (entry.action === 'send') {
      stimuli.push({ at, kind: 'frame', path: entry.path, frame: entry.frame, step: note?.step ?? '' });
      last = at;
    } else if (entry.action === 'control') {
      stimuli.push({ at, kind: 'control', call: entry.call, command: entry.command });
      last = at;
    }
  }
  return { stimuli, reactions };
};
