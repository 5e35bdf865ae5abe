/**
 * What a live session says of a case after its end. What the capture lost during the life of a case is known only a little
 * later; when frames were lost since it began, or it is in doubt for another reason, its trace is judged again with that
 * said at its beginning.
 */
import type { LiveSession } from '../../iut/subject.js';
import type { LinkCounters } from '../../net/link/link.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace, TraceEntry } from '../../suite/trace/trace.js';
import type { Driven } from '../drive-case.js';
import { rejudge } from '../recorded/recorded.js';

export const lossOf = ({ droppedByKernel, droppedByInterface }: LinkCounters): number =>
  droppedByKernel + droppedByInterface;

/** `lossBefore`: frames lost when the case began. `doubt`: why what it shows may be due to something else. */
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

/** What it comes to when it is said at its beginning why its evidence is in doubt. */
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
