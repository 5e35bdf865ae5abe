/**
 * Leaving MPTCP for good (RFC 8684 section 3.7, RFC 6824 section 3.6): the one flow left goes on as TCP. Only possible while
 * the connection has one flow; with more, the broken flow is reset instead (RFC8684-3.7-01, DERIVED-FB-02).
 */
import type { MpTcpRst } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import { resetFlow } from '../tcp/transmission.js';
import type { Member, Session } from './connection.js';
import { closeSession } from './connection-life.js';
import { deliver } from './delivery.js';
import { carryPlain } from './plain-stream.js';

/** MP_TCPRST reasons (RFC 8684 section 3.6). */
export const ResetReason = { unspecified: 0, mptcp: 1, resources: 2, prohibited: 3, middlebox: 6 } as const;

/** MP_TCPRST exists in v1 only. */
export const resetReason = (version: 0 | 1, reason: number): readonly TcpOption[] =>
  version === 0 ? [] : [{ option: 'mp_tcprst', flags: 0, reason } satisfies MpTcpRst];

/** Resets one member; the connection goes on with the others. The owner is told as if the peer had done it. */
export const resetMember = (
  stack: Stack,
  session: Session,
  member: Member,
  signals: readonly TcpOption[] = resetReason(session.version, ResetReason.mptcp),
): void => {
  const { flow } = member;
  resetFlow(stack, flow, signals);
  flow.owner.ended(flow, 'reset');
};

/**
 * The one member goes on as TCP; `announce` when this end is the first to know, so that its next octets carry the infinite
 * mapping (RFC6824-3.6-03).
 */
export const fallBack = (stack: Stack, session: Session, member: Member, announce: boolean): void => {
  const { connection } = session;
  const { flow } = member;
  const unsent = session.chunks.filter(({ carriers }) => !carriers.includes(flow));
  connection.outbox = [...unsent.map(({ octets }) => octets), ...connection.outbox];
  const dsn = unsent[0]?.dsn ?? session.dataNxt;
  closeSession(stack, session);
  // RFC6824-3.6-08: what is sent again goes without the options it was first sent with.
  for (const entry of flow.queue) entry.options = [];
  connection.infiniteDue = announce ? { dsn, checksum: session.checksum } : undefined;
  carryPlain(stack, connection, flow);
  connection.hooks.fellBack?.();
  if (member.held.length > 0) deliver(stack, connection, member.held);
};

/** Falls back when this is the only flow, else resets it; the flow is not a member afterwards either way. */
export const fallBackOrReset = (stack: Stack, session: Session, member: Member, announce: boolean): void => {
  if (session.members.length === 1 && member.by === 'capable') fallBack(stack, session, member, announce);
  else resetMember(stack, session, member, resetReason(session.version, ResetReason.middlebox));
};
