/**
 * A DSS, or the MP_CAPABLE that replaces it on first data, arrives on a member (RFC 8684 sections 3.1 and 3.3): Data ACK,
 * mapping, DATA_FIN, infinite mapping, and the opening of the gate for joins.
 */
import { type Dss, DssFlag, type MpCapable } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { seqDiff } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import { scaledWindow } from '../tcp/arrival.js';
import type { Flow } from '../tcp/flow.js';
import type { Mapping, Member, Session } from './connection.js';
import { fallBack, resetMember } from './fallback.js';
import { failChecksum, noteMapping, takeDataFin } from './incoming.js';
import { pump, takeDataAck } from './outgoing.js';
import { dsnAdd, dsnDiff, dsnFromLow } from './sequence.js';

const nothing = new Uint8Array(0);

/** Not closed; a function, because owners close flows unseen by the type checker. */
export const isOpen = (flow: Flow): boolean => flow.state !== 'closed';

/** The flow may carry data from here on. */
export const leaveWaiting = (stack: Stack, session: Session, member: Member): void => {
  member.awaiting = 'nothing';
  member.flow.timer?.cancel();
  member.flow.timer = undefined;
  pump(stack, session.connection);
};

/** The first DSS of the peer: further subflows may be opened (RFC 6824 section 3.1). */
const confirm = (session: Session): void => {
  if (session.confirmed) return;
  session.confirmed = true;
  session.connection.hooks.confirmed?.();
};

/** False when the flow is a member no longer. */
export const takeDss = (stack: Stack, session: Session, member: Member, segment: Tcp, dss: Dss): boolean => {
  member.dssSeen = true;
  if (member.awaiting === 'dss') leaveWaiting(stack, session, member);
  if (dss.dsn !== undefined && !takeMapping(stack, session, member, segment, { ...dss, dsn: dss.dsn })) return false;
  if (dss.ack !== undefined) {
    const wide = (dss.flags & DssFlag.a) !== 0;
    const ack = wide ? dss.ack : dsnFromLow(dss.ack, session.dataUna);
    takeDataAck(stack, session, ack, scaledWindow(member.flow, segment));
  }
  confirm(session);
  return isOpen(member.flow);
};

const takeMapping = (
  stack: Stack,
  session: Session,
  member: Member,
  segment: Tcp,
  dss: Dss & { readonly dsn: bigint },
): boolean => {
  const { ssn = 0, dataLength = 0, checksum } = dss;
  if (dataLength === 0) {
    // RFC 8684 section 3.7: infinite mapping, the peer is in TCP from here on.
    if (session.members.length > 1) resetMember(stack, session, member);
    else fallBack(stack, session, member, false);
    return false;
  }
  // RFC6824-3.3-02, RFC8684-3.3-01: without the checksum that was negotiated, or in v1 with one that was not; v0 ignores
  // the latter (RFC6824-3.3-03).
  const missing = session.checksum && checksum === undefined;
  const unasked = session.version === 1 && !session.checksum && checksum !== undefined;
  if (missing || unasked) {
    resetMember(stack, session, member);
    return false;
  }
  const wide = (dss.flags & DssFlag.m) !== 0;
  session.wideDsnCame ||= wide;
  const dsn = wide ? dss.dsn : dsnFromLow(dss.dsn, session.rcvNxt);
  const fin = (dss.flags & DssFlag.F) !== 0;
  const length = fin ? dataLength - 1 : dataLength;
  const mapping: Mapping = { dsn, ssn, length, dataLength, checksum: session.checksum ? checksum : undefined };
  if (fin && length === 0 && session.checksum && !stack.decisions.data.verifiesChecksum(mapping, nothing)) {
    // RFC 8684 section 3.3.3: the checksum of a DATA_FIN without data covers the pseudo-header alone.
    failChecksum(stack, session, member, mapping);
    return isOpen(member.flow);
  }
  if (fin) {
    noteDataFin(session, dsnAdd(dsn, length));
    member.flow.ackDue = true;
  }
  if (coversPayload(member.flow, segment, ssn, length)) noteMapping(member, mapping);
  takeDataFin(stack, session);
  return isOpen(member.flow);
};

/** Like the FIN of TCP, it keeps its first place, and is never before received octets. */
const noteDataFin = (session: Session, dsn: bigint): void => {
  if (session.peerFin === undefined && dsnDiff(dsn, session.rcvNxt) >= 0n) session.peerFin = dsn;
};

/** RFC8684-3.3-02: a mapping covers some of the payload of the segment that carries it. */
const coversPayload = (flow: Flow, segment: Tcp, ssn: number, length: number): boolean => {
  const from = seqDiff(segment.seq, flow.irs) >>> 0;
  return ssn < from + segment.payload.length && from < ssn + length;
};

/** v1: the initiator's first data, mapped by MP_CAPABLE (RFC 8684 section 3.1, RFC8684-3.1-07). */
export const takeFirstData = (stack: Stack, session: Session, member: Member, option: MpCapable): void => {
  const { dataLength, checksum } = option;
  if (session.version !== 1 || dataLength === undefined || member.flow.opener !== 'passive') return;
  if (option.key !== session.remoteKey || option.peerKey !== session.localKey) return;
  if (session.checksum !== (checksum !== undefined)) {
    resetMember(stack, session, member);
    return;
  }
  member.dssSeen = true;
  noteMapping(member, { dsn: dsnAdd(session.idsnRemote, 1), ssn: 1, length: dataLength, dataLength, checksum });
  confirm(session);
};
