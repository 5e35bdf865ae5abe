/**
 * Octets from the wire to the application: a member's octets in order are mapped to the data sequence, verified when
 * checksums were negotiated, and put in order across flows (RFC 8684 section 3.3). Copies of what was delivered are
 * dropped (RFC6824-3.3-07), so every octet reaches the application once.
 */
import { dssChecksum } from '../../protocol/keys/dss-checksum.js';
import type { Stack } from '../stack.js';
import { sendAck } from '../tcp/transmission.js';
import type { Mapping, Member, Session } from './connection.js';
import { deliver, deliverEnd } from './delivery.js';
import { fallBackOrReset, ResetReason, resetMember, resetReason } from './fallback.js';
import { endWhenDone } from './outgoing.js';
import { dsnAdd, dsnDiff } from './sequence.js';

/** Notes a mapping; one that is known already, or whose octets were all taken before, changes nothing. */
export const noteMapping = (member: Member, mapping: Mapping): void => {
  if (mapping.length === 0) return;
  member.mapped = true;
  if (mapping.ssn + mapping.length <= member.heldSeq) return;
  if (member.mappings.some(({ ssn }) => ssn === mapping.ssn)) return;
  member.mappings.push(mapping);
  member.mappings.sort((a, b) => a.ssn - b.ssn);
};

/** In-order octets of one member. */
export const takeMemberOctets = (stack: Stack, session: Session, member: Member, octets: Uint8Array): void => {
  member.held = member.held.length === 0 ? octets : join(member.held, octets);
  if (session.failed) return;
  while (member.held.length > 0 && member.flow.state !== 'closed') {
    if (!takeMapped(stack, session, member)) return;
    if (session.connection.session !== session) return;
  }
};

const join = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** Takes the octets that the first mapping covers; false if more octets are needed or the flow is gone. */
const takeMapped = (stack: Stack, session: Session, member: Member): boolean => {
  const mapping = member.mappings[0];
  if (mapping === undefined || mapping.ssn > member.heldSeq) {
    // RFC 8684 section 3.3.1: a mapping may still come, within a receive window of data.
    if (member.mapped && member.held.length <= member.flow.receiveWindow) return false;
    // Octets without a mapping: a middlebox took the options away (RFC 8684 section 3.7, RFC8684-3.7-03).
    if (member.mapped) resetMember(stack, session, member, resetReason(session.version, ResetReason.middlebox));
    else fallBackOrReset(stack, session, member, false);
    return false;
  }
  const skip = member.heldSeq - mapping.ssn;
  const awaited = mapping.length - skip;
  if (mapping.checksum !== undefined && member.held.length < awaited) return false;
  const octets = member.held.subarray(0, awaited);
  if (mapping.checksum !== undefined && skip === 0 && !stack.decisions.data.verifiesChecksum(mapping, octets)) {
    failChecksum(stack, session, member, mapping);
    return false;
  }
  member.held = member.held.subarray(octets.length);
  member.heldSeq += octets.length;
  if (skip + octets.length === mapping.length) member.mappings.shift();
  takeData(stack, session, dsnAdd(mapping.dsn, skip), octets);
  return true;
};

/** Whether the octets of a whole mapping have the checksum that it states (RFC6824-3.3-04). */
export const verifiesChecksum = (mapping: Mapping, octets: Uint8Array): boolean =>
  dssChecksum(mapping, octets) === mapping.checksum;

/**
 * A checksum failed (RFC 8684 section 3.7): with other flows, or with data missing before it, this one is reset with MP_FAIL;
 * alone it says MP_FAIL on an ACK and waits for the infinite mapping.
 */
export const failChecksum = (stack: Stack, session: Session, member: Member, { dsn }: Mapping): void => {
  const signal = { option: 'mp_fail', reserved: 0, dsn } as const;
  const contiguous = dsnDiff(dsn, session.rcvNxt) <= 0n;
  if (session.members.length > 1 || !contiguous) resetMember(stack, session, member, [signal]);
  else {
    session.failed = true;
    sendAck(stack, member.flow, [signal]);
  }
};

/** Octets with their place in the data sequence; after the peer's DATA_FIN there are none (RFC 8684 section 3.3.3). */
const takeData = (stack: Stack, session: Session, dsn: bigint, octets: Uint8Array): void => {
  const ahead = dsnDiff(dsn, session.rcvNxt);
  if (ahead > 0n) {
    session.pieces.push({ dsn, octets: octets.slice() });
    session.pieces.sort((a, b) => (dsnDiff(a.dsn, b.dsn) < 0n ? -1 : 1));
    return;
  }
  takeInOrder(stack, session, dsn, octets);
  for (let first = session.pieces[0]; first !== undefined; first = session.pieces[0]) {
    if (dsnDiff(first.dsn, session.rcvNxt) > 0n) break;
    session.pieces.shift();
    takeInOrder(stack, session, first.dsn, first.octets);
  }
  takeDataFin(stack, session);
};

const takeInOrder = (stack: Stack, session: Session, dsn: bigint, octets: Uint8Array): void => {
  const known = Number(dsnDiff(session.rcvNxt, dsn));
  // Half of the number space away is neither old nor new (RFC 8684 section 3.8: outside the window).
  if (known < 0) return;
  const room = session.peerFin === undefined ? octets.length : Number(dsnDiff(session.peerFin, dsn));
  const fresh = octets.subarray(known, Math.max(room, known));
  if (fresh.length === 0) return;
  session.rcvNxt = dsnAdd(session.rcvNxt, fresh.length);
  deliver(stack, session.connection, fresh);
};

/** The peer's DATA_FIN is processed when all octets before it have come (RFC 8684 section 3.3.3). */
export const takeDataFin = (stack: Stack, session: Session): void => {
  if (session.peerFin === undefined || session.peerFinTaken || session.peerFin !== session.rcvNxt) return;
  session.peerFinTaken = true;
  session.rcvNxt = dsnAdd(session.rcvNxt, 1);
  deliverEnd(stack, session.connection);
  endWhenDone(stack, session);
};
