/**
 * Which members carry the next octets, and when an RTT is reported: policy, not protocol. A server answers on the flow on
 * which octets last came; a client uses its flows in turn, so that every attached flow is used (ROBE-P1-B-03). In
 * proposal 2 all octets are sent on every flow until the resets have shown which one is initial (paper 2.2,
 * ROBE-P2-C-05).
 */
import type { LRttEn } from '../../protocol/mptcp/option.js';
import type { Stack } from '../stack.js';
import type { Connection, Member, Session } from './connection.js';

const isPotential = ({ by }: Member): boolean => by === 'capable';

/** The members that carry the next octets, all of them the same octets; none when nothing is usable. */
export const schedule = (connection: Connection, session: Session, usable: readonly Member[]): readonly Member[] => {
  if (usable.length === 0) return [];
  // When all potential initial flows are gone, the joined ones continue, each octet once.
  if (connection.redundant && session.members.some(isPotential)) return usable.filter(isPotential);
  const latest = usable.find(({ flow }) => flow === connection.lastArrival);
  if (connection.role === 'server' && latest !== undefined) return [latest];
  const member = usable[session.turn++ % usable.length];
  return member === undefined ? [] : [member];
};

/** The member with the shortest round trip, alone; one without a sample comes last. */
export const fastest = (usable: readonly Member[]): readonly Member[] => {
  const [first, ...others] = usable;
  if (first === undefined) return [];
  let best = first;
  for (const member of others) {
    const { smoothedRtt } = member.flow;
    if (smoothedRtt === undefined) continue;
    if (best.flow.smoothedRtt === undefined || smoothedRtt < best.flow.smoothedRtt) best = member;
  }
  return [best];
};

/**
 * L_RTT_EN for the next data segment of a member: after negotiation, at first and whenever the RTT moved by a quarter
 * (draft 4.6, open points I-70 and I-71; DRAFT-RTT-S-02, -S-03).
 */
export const remoteRttReport = (stack: Stack, session: Session, member: Member): LRttEn | undefined => {
  const rtt = member.flow.smoothedRtt;
  if (!session.remoteRtt || session.connection.role !== 'server' || rtt === undefined) return undefined;
  const last = member.reportedRtt;
  if (last !== undefined) {
    const moved = rtt > last ? rtt - last : last - rtt;
    if (moved * 4n < last) return undefined;
  }
  member.reportedRtt = rtt;
  return rttOption(stack, rtt);
};

/** The option with a value in nanoseconds, in the declared unit, at least one unit. */
export const rttOption = (stack: Stack, rtt: bigint): LRttEn => {
  const { len, unit } = stack.parameters.l_rtt;
  const value = rtt / (unit === 'us' ? 1_000n : 1_000_000n);
  const octets = len === 8 ? 4 : len === 12 ? 8 : 12;
  return { option: 'l_rtt_en', reserved: 0, rtt: value === 0n && rtt > 0n ? 1n : value, octets };
};
