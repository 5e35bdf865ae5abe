/**
 * The recorded driver: judges a trace again. The events of the trace go to a fresh interpreter in the original order;
 * actions are recomputed, and the judgement must be the same.
 */
import { traceOf } from '../../suite/scenario/history.js';
import { advance, begin } from '../../suite/scenario/interpreter.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';
import type { Judgement } from '../../suite/verdict/verdict.js';
import { erroneous } from '../erroneous.js';

export interface Rejudged {
  readonly judgement: Judgement;
  /** The trace as the second interpreter wrote it. */
  readonly trace: Trace;
}

export const rejudge = (plan: Plan, trace: Trace): Rejudged => {
  let state = begin(plan);
  for (const { entry } of trace) {
    if ('event' in entry) state = advance(state, entry).state;
  }
  return {
    judgement: state.finished ?? erroneous('the recording ends before the case does'),
    trace: traceOf(state.history),
  };
};
