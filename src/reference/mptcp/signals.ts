/**
 * Address and state signals on member flows: ADD_ADDR, REMOVE_ADDR, MP_PRIO, MP_FAIL, MP_FASTCLOSE
 * (RFC 8684 sections 3.3.8, 3.4, 3.5, 3.7). This host never announces addresses by itself.
 */
import { equalOctets } from '../../protocol/bytes/octets.js';
import { addAddrHmac } from '../../protocol/keys/add-addr-hmac.js';
import type { AddAddr, MpPrio, RemoveAddr } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import { removeFlow } from '../tcp/flow-table.js';
import { resetFlow, sendAck } from '../tcp/transmission.js';
import type { Member, Session } from './connection.js';
import { closeSession, concludeConnection } from './connection-life.js';
import { fallBackOrReset, resetMember } from './fallback.js';

/** v1 answers with the echo when the HMAC is right and stays silent when not (RFC8684-3.4-01). */
export const takeAddAddr = (stack: Stack, session: Session, member: Member, option: AddAddr): void => {
  const isEcho = (option.nibble & 1) !== 0;
  if (session.version === 0 || isEcho || option.hmac === undefined) return;
  const { addressId, address, port } = option;
  // The sender's key comes first: seen from here the remote one.
  const expected = addAddrHmac({
    localKey: session.remoteKey,
    remoteKey: session.localKey,
    addressId,
    address,
    ...(port === undefined ? {} : { port }),
  });
  if (!equalOctets(expected, option.hmac)) return;
  const echo: AddAddr = {
    option: 'add_addr',
    nibble: 1,
    addressId,
    address,
    ...(port === undefined ? {} : { port }),
  };
  sendAck(stack, member.flow, [echo]);
};

/** Ends the flows of the addresses named, never the last one (RFC 8684 section 3.4.2). */
export const takeRemoveAddr = (stack: Stack, session: Session, option: RemoveAddr): void => {
  for (const id of option.addressIds) {
    for (const member of session.members.filter(({ remoteId }) => remoteId === id)) {
      if (session.members.length > 1) resetMember(stack, session, member, []);
    }
  }
};

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

/** MP_FASTCLOSE counts when it carries this host's key (RFC6824-3.5-01, -02). */
export const isFastclose = (session: Session, options: readonly TcpOption[]): boolean =>
  options.some((option) => option.option === 'mp_fastclose' && option.peerKey === session.localKey);

/** The peer gave the connection up: every remaining flow is reset (RFC 8684 section 3.5). */
export const takeFastclose = (stack: Stack, session: Session): void => {
  const members = [...session.members];
  closeAbruptly(stack, session, 'reset');
  for (const { flow } of members) if (flow.state !== 'closed') resetFlow(stack, flow);
};

/**
 * Gives the connection up (RFC 8684 section 3.5: MP_FASTCLOSE on the resets of all flows; RFC 6824 section 3.5: on an ACK of
 * one flow, the others are just reset, and that one ends with the peer's reset).
 */
export const fastclose = (stack: Stack, session: Session): void => {
  const members = [...session.members];
  const signal: TcpOption = { option: 'mp_fastclose', reserved: 0, peerKey: session.remoteKey };
  closeAbruptly(stack, session, 'reset');
  members.forEach(({ flow }, index) => {
    if (session.version === 1) resetFlow(stack, flow, [signal]);
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
    removeFlow(stack, flow);
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
