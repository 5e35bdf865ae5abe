/**
 * How the dialogue moves: the step under way ends, the dialogue ends early, the timer of the step is armed.
 */
import type { Step } from '../language/step.js';
import { dropSentinel } from './sentinel.js';
import { act, type Moment, stepTitle, type Work, withEntry } from './state.js';

/** What became of the step under way. */
export type Progress = 'done' | 'waiting' | 'stopped';

/** Ends the step under way; what follows it comes before the rest of the case. */
export function complete(work: Work, moment: Moment, following: readonly Step[] = []): Progress {
  const [step, ...rest] = work.remaining;
  if (step?.label !== undefined) work.moments = withEntry(work.moments, step.label, moment);
  // What leaves after something that was waited for leaves in another breath.
  if (step?.step !== 'send' && work.lastSend !== undefined) work.lastSend = { ...work.lastSend, flows: [] };
  act(work, { action: 'cancel', timer: 'window' });
  dropSentinel(work);
  work.remaining = [...following, ...rest];
  work.met = new Set();
  return 'done';
}

/** Ends the dialogue early: what was found decides. */
export function stop(work: Work): Progress {
  act(work, { action: 'cancel', timer: 'window' });
  dropSentinel(work);
  work.remaining = [];
  return 'stopped';
}

/** Arms the one timer of the step under way. */
export const arm = (work: Work, at: bigint): void =>
  act(work, { action: 'arm', timer: 'window', at }, { step: stepTitle(work), taken: 'awaited', text: 'until then' });
