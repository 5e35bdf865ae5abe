/** Progress of the dialogue: ends the current step, ends the dialogue early, arms the timer of the step. */
import type { Step } from '../language/step.js';
import { dropSentinel } from './sentinel.js';
import { act, type Moment, stepTitle, type Work, withEntry } from './state.js';

/** The outcome of the current step. */
export type Progress = 'done' | 'waiting' | 'stopped';

/** Ends the current step; the steps of its alternative run before the rest of the case. */
export function complete(work: Work, moment: Moment, following: readonly Step[] = []): Progress {
  const [step, ...rest] = work.remaining;
  if (step?.label !== undefined) work.moments = withEntry(work.moments, step.label, moment);
  // A send after a waiting step starts a new burst.
  if (step?.step !== 'send' && work.lastSend !== undefined) work.lastSend = { ...work.lastSend, flows: [] };
  act(work, { action: 'cancel', timer: 'window' });
  dropSentinel(work);
  work.remaining = [...following, ...rest];
  work.met = new Set();
  return 'done';
}

/** Ends the dialogue early: the findings so far decide. */
export function stop(work: Work): Progress {
  act(work, { action: 'cancel', timer: 'window' });
  dropSentinel(work);
  work.remaining = [];
  return 'stopped';
}

/** Arms the one timer of the step under way. */
export function arm(work: Work, at: bigint): void {
  work.deadline = at;
  act(work, { action: 'arm', timer: 'window', at }, { step: stepTitle(work), taken: 'awaited', text: 'until then' });
}
