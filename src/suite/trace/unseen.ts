/**
 * The part of a trace that no capture shows: begin and end of the case, requests to control and its answers, and
 * disturbances. Together with the frames of a capture it restores the events of the trace.
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
