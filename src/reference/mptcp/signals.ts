/**
 * Received signals about a member flow and its connection: MP_PRIO, MP_FAIL, MP_FASTCLOSE (RFC 8684 sections 3.3.8, 3.5,
 * 3.7). Addresses: addresses.ts.
 */
import type { MpPrio } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import type { Flow } from '../tcp/flow.js';
import { removeFlow } from '../tcp/flow-table.js';
import { resetFlow, sendAck } from '../tcp/transmission.js';
import type { Member, Session } from './connection.js';
import { closeSession, concludeConnection } from './connection-life.js';
import { fallBackOrReset } from './fallback.js';

/** B for this flow, or in v0 for the flows of an address (RFC 8684 section 3.3.8, RFC 6824 section 3.3.8). */
export const takePrio = (session: Session, member: Member, option: MpPrio): void => {
  const { addressId, backup } = option;
  const meant = addressId === undefined ? [member] : session.members.filter(({ remoteId }) => remoteId === addressId);
  for (const each of meant) each.backup = backup;
};

/** MP_FAIL on the only flow: answered by MP_FAIL (v1), and both go on as TCP (RFC8684-3.7-02). */
export const takeFail = (stack: Stack, session: Session, member: Member): void => {
  // One that answers this host's own is not answered again.
  if (session.version === 1 && session.members.length === 1 && !session.failed) {
    sendAck(stack, member.flow, [{ option: 'mp_fail', reserved: 0, dsn: session.rcvNxt }]);
  }
  fallBackOrReset(stack, session, member, true);
};

/** MP_FASTCLOSE is accepted if it carries this host's key (RFC6824-3.5-01, -02). */
export const isFastclose = (session: Session, options: readonly TcpOption[]): boolean =>
  options.some((option) => option.option === 'mp_fastclose' && option.peerKey === session.localKey);

/**
 * The peer gave the connection up by a segment on `flow`: every remaining flow is reset (RFC 8684 section 3.5), that one also
 * when this end gave up at the same time and kept it for the answer.
 */
export const takeFastclose = (stack: Stack, session: Session, flow: Flow): void => {
  const flows = new Set([...session.members.map((member) => member.flow), flow]);
  closeAbruptly(stack, session, 'reset');
  for (const each of flows) if (each.state !== 'closed') resetFlow(stack, each);
};

/**
 * Gives the connection up (RFC 8684 section 3.5, option R: MP_FASTCLOSE on the resets of all flows; option A and RFC 6824
 * section 3.5: on an ACK of one flow, the others are just reset, and that one ends with the peer's reset).
 */
export const fastclose = (stack: Stack, session: Session): void => {
  const members = [...session.members];
  const signal: TcpOption = { option: 'mp_fastclose', reserved: 0, peerKey: session.remoteKey };
  closeAbruptly(stack, session, 'reset');
  const byReset = session.version === 1 && stack.parameters.close.fastclose === 'rst';
  members.forEach(({ flow }, index) => {
    if (byReset) resetFlow(stack, flow, [signal]);
    else if (index > 0) resetFlow(stack, flow);
    else repeatFastclose(stack, session, members[0], signal, 0);
  });
};

/** RFC6824-3.5-03: repeated after one RTO each, three times, then the flow is forgotten. */
const repeatFastclose = (
  stack: Stack,
  session: Session,
  member: Member | undefined,
  signal: TcpOption,
  tries: number,
): void => {
  if (member === undefined || member.flow.state === 'closed') return;
  const { flow } = member;
  flow.timer?.cancel();
  if (tries > 3) {
    // RFC 8684 section 3.5 demands a last reset, RFC 6824 does not.
    if (session.version === 1) resetFlow(stack, flow, [signal]);
    else removeFlow(stack, flow);
    return;
  }
  sendAck(stack, flow, [signal]);
  flow.timer = stack.alarms.at(stack.now + flow.rto, ['fastclose', member, tries + 1], () =>
    repeatFastclose(stack, session, member, signal, tries + 1),
  );
};

const closeAbruptly = (stack: Stack, session: Session, how: 'reset'): void => {
  const { connection } = session;
  session.members.length = 0;
  session.chunks = [];
  session.reinjections = [];
  closeSession(stack, session);
  concludeConnection(stack, connection, how);
};
