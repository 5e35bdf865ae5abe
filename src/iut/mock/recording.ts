/** What a mock is made of: a case as it was run, and everything that happened in it. */
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';

export interface Recording {
  readonly plan: Plan;
  readonly trace: Trace;
}
