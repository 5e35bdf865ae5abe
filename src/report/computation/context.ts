/**
 * The context in which a computed value is explained: the case's version, the layout of MP_JOIN_CAP, every key that was
 * seen.
 */
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { Plan } from '../../suite/scenario/plan.js';
import type { Trace } from '../../suite/trace/trace.js';
import type { ComputationContext } from './explain-computation.js';

/** Every key that was sent or seen, by the segment that first carried it. */
export const computationContext = (plan: Plan, trace: Trace): ComputationContext => {
  const keys = new Map<bigint, string>();
  for (const { entry } of trace) {
    if (!('frame' in entry)) continue;
    const packet = decodeFrame(entry.frame, plan.subtypes);
    if (packet.kind !== 'tcp') continue;
    for (const option of packet.tcp.options) {
      if (option.option !== 'mp_capable' && option.option !== 'mp_join_cap') continue;
      const whose = 'event' in entry ? 'implementation' : 'tester';
      if (option.key !== undefined && !keys.has(option.key))
        keys.set(option.key, `the key that the ${whose} sent on path ${entry.path}`);
    }
  }
  return {
    version: plan.case.mptcp ?? 1,
    joinCap: plan.joinCap,
    keys: [...keys].map(([key, name]) => ({ name, key })),
  };
};
