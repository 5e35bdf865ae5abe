/** The recording for a mock: a case as it was run, and its trace. */
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';

export interface Recording {
  readonly plan: Plan;
  readonly trace: Trace;
}
