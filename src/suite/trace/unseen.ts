/**
 * What a trace tells that no capture shows: when the case began and ended, what control was asked and answered, and what took
 * trust away from the evidence. With the frames of a capture it makes up the events of the trace again.
 */
import type { ScenarioAction, ScenarioEvent } from '../scenario/contract.js';
import type { Trace } from './trace.js';

export type Unseen = { readonly at: bigint } & (
  | Extract<ScenarioEvent, { readonly event: 'started' | 'control' | 'held-up' | 'disturbed' }>
  | Extract<ScenarioAction, { readonly action: 'control' | 'finished' }>
);

export const unseenOf = (trace: Trace): readonly Unseen[] => trace.flatMap(({ at, entry }) => unseen(at, entry) ?? []);

function unseen(at: bigint, entry: ScenarioEvent | ScenarioAction): Unseen | undefined {
  if ('event' in entry) {
    switch (entry.event) {
      case 'started':
      case 'control':
      case 'held-up':
      case 'disturbed':
        return entry;
      case 'frame':
      case 'timer':
        return undefined;
    }
  }
  switch (entry.action) {
    case 'control':
    case 'finished':
      return { at, ...entry };
    case 'send':
    case 'arm':
    case 'cancel':
      return undefined;
  }
}
