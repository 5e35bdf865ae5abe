/**
 * Settles a case of a live session after its end. Losses of the capture are known only a little later. If frames were
 * lost since the case began, or it is in doubt for another reason, its trace is judged again with a disturbance at its
 * beginning.
 */
import type { LiveSession } from '../../iut/subject.js';
import type { LinkCounters } from '../../net/link/link.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';
import type { Driven } from '../drive-case.js';
import { rejudge } from '../recorded/recorded.js';

export const lossOf = ({ droppedByKernel, droppedByInterface }: LinkCounters): number =>
  droppedByKernel + droppedByInterface;

/** `lossBefore`: frames lost when the case began. `doubt`: another possible cause of its result. */
export const settleCase = async (
  session: LiveSession,
  plan: Plan,
  driven: Driven,
  lossBefore: number,
  doubt: string | undefined,
): Promise<Driven> => {
  const lost = lossOf(await session.settle()) - lossBefore;
  const why = lost > 0 ? `the capture lost ${lost} frames while the case ran` : doubt;
  if (why === undefined || driven.judgement.verdict === 'error') return driven;
  return doubted(plan, driven, why);
};

/** Its result with the doubt about its evidence as a disturbance at the beginning. */
export const doubted = (plan: Plan, driven: Driven, why: string): Driven => ({
  ...driven,
  ...rejudge(plan, withDisturbance(driven.trace, why)),
});

/** The same trace with a disturbance right after its first event. */
const withDisturbance = (trace: Trace, why: string): Trace => {
  const [first, ...rest] = trace;
  if (first === undefined) return trace;
  const disturbed: TraceEntry = { at: first.at, entry: { event: 'disturbed', at: first.at, why } };
  return [first, disturbed, ...rest];
};
