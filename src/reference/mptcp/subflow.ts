/**
 * A member flow of an MPTCP connection.
 *
 * | awaiting | meaning                                                    | left by                          |
 * |----------|------------------------------------------------------------|----------------------------------|
 * | ack      | PRE_ESTABLISHED (RFC 8684 section 3.2): no data yet, the   | any acceptable segment           |
 * |          | third segment is repeated                                  |                                  |
 * | dss      | joined by MP_JOIN_CAP in implicit mode: no data until the  | a DSS on this flow, or a timeout |
 * |          | peer has shown that it took the join (open point I-59)     | that resets the flow             |
 * | nothing  | carries data                                               | FIN, reset                       |
 */
import type { MpCapable } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { seqBefore } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import { canSend, type Flow, type FlowEnd, type FlowOwner } from '../tcp/flow.js';
import { sendAck, sendFin } from '../tcp/transmission.js';
import { announceAddresses, takeAddAddr, takeRemoveAddr } from './addresses.js';
import { carriesMptcp, findOption } from './capable.js';
import type { Member, Session } from './connection.js';
import { closeSession, concludeConnection, establish } from './connection-life.js';
import { dataAckOption } from './dss.js';
import { isOpen, leaveWaiting, takeDss, takeFirstData } from './dss-arrival.js';
import { fallBackOrReset, ResetReason, resetMember, resetReason } from './fallback.js';
import { takeMemberOctets } from './incoming.js';
import { pump, reinject } from './outgoing.js';
import { shareWindow } from './receive-window.js';
import { takeFail, takeFastclose, takePrio } from './signals.js';

/** How long a connection without any flow waits for joins (RFC6824-C-01). */
const idleTime = 60_000_000_000n;

class Subflow implements FlowOwner {
  readonly #stack: Stack;
  readonly #session: Session;
  readonly #member: Member;

  constructor(stack: Stack, session: Session, member: Member) {
    this.#stack = stack;
    this.#session = session;
    this.#member = member;
  }

  describe(): readonly unknown[] {
    return ['subflow', this.#session, this.#member];
  }

  handshakeOptions(): readonly TcpOption[] {
    return [];
  }

  standingOptions(): readonly TcpOption[] {
    return [dataAckOption(this.#stack.parameters.dss, this.#session)];
  }

  synAckArrived(): void {}

  /** The third segment again, as long as the peer has not shown that it came (RFC8684-3.1-09, ROBE-P1-C-11). */
  synAckRepeated(flow: Flow): void {
    if (this.#member.dssSeen) sendAck(this.#stack, flow);
    else sendAck(this.#stack, flow, this.#member.third);
  }

  thirdSegmentArrived(): 'established' {
    return 'established';
  }

  signalsArrived(flow: Flow, segment: Tcp): boolean {
    const stack = this.#stack;
    const session = this.#session;
    const member = this.#member;
    this.#stopProbe();
    if (stack.decisions.data.isFastclose(session, segment.options)) {
      takeFastclose(stack, session, flow);
      return false;
    }
    if (!carriesMptcp(segment) && this.#missesSignals(flow, segment)) return flow.state !== 'closed';
    if (member.awaiting === 'ack') leaveWaiting(stack, session, member);
    for (const option of segment.options) {
      if (!this.#takeSignal(segment, option)) return isOpen(flow);
    }
    return isOpen(flow);
  }

  /** The flow is alive, or gone: stops the keepalives. */
  #stopProbe(): void {
    this.#member.probe?.cancel();
    this.#member.probe = undefined;
  }

  /** Takes one option; false when the flow is a member no longer. */
  #takeSignal(segment: Tcp, option: TcpOption): boolean {
    const stack = this.#stack;
    const session = this.#session;
    const member = this.#member;
    switch (option.option) {
      case 'dss':
        return takeDss(stack, session, member, segment, option);
      case 'mp_capable':
        takeFirstData(stack, session, member, option);
        return true;
      case 'mp_join':
      case 'mp_join_cap':
        // RFC6824-3.2-11, DRAFT-eSIM-S-15: the third segment came again, so its answer was lost.
        if (member.by !== 'capable' && member.flow.opener === 'passive') member.flow.ackDue = true;
        return true;
      case 'add_addr':
        takeAddAddr(stack, session, member, option);
        return true;
      case 'remove_addr':
        takeRemoveAddr(stack, session, option);
        return isOpen(member.flow);
      case 'mp_prio':
        takePrio(session, member, option);
        return true;
      case 'mp_fail':
        takeFail(stack, session, member);
        return false;
      case 'l_rtt_en':
        if (session.remoteRtt) stack.metrics.reported(stack.parameters, member.flow.path, option);
        return true;
      default:
        return true;
    }
  }

  /**
   * A segment without any MPTCP option (RFC 8684 section 3.7): an ACK of data without Data ACK before any DSS came means that
   * the path takes options away; fall back, or reset the flow when there are others. True when it was that.
   */
  #missesSignals(flow: Flow, segment: Tcp): boolean {
    const member = this.#member;
    const acksData = seqBefore(flow.sndUna, segment.ack) && flow.queue.some(({ payload }) => payload.length > 0);
    if (!acksData || member.dssSeen) return false;
    fallBackOrReset(this.#stack, this.#session, member, true);
    return true;
  }

  octetsArrived(flow: Flow, _subflowSeq: number, octets: Uint8Array): void {
    // After a fast close the flow waits for a reset, and its octets are dropped.
    if (this.#session.connection.session !== this.#session) return;
    this.#session.connection.lastArrival = flow;
    takeMemberOctets(this.#stack, this.#session, this.#member, octets);
  }

  /** FIN of one flow: this direction of the flow ends, the connection does not (RFC 8684 section 3.3.3). */
  finArrived(flow: Flow): void {
    // "A host MUST NOT close all functioning subflows" before its own DATA_FIN is out: the FIN follows when that is acknowledged.
    const { peerFinTaken, ownFinAcked, members } = this.#session;
    if (peerFinTaken && !ownFinAcked && members.length === 1) return;
    sendFin(this.#stack, flow);
  }

  roomMade(): void {
    announceAddresses(this.#stack, this.#session, this.#member);
    pump(this.#stack, this.#session.connection);
  }

  retransmitted(flow: Flow): void {
    reinject(this.#stack, this.#session, flow);
  }

  ended(flow: Flow, how: FlowEnd, segment?: Tcp): void {
    const stack = this.#stack;
    const session = this.#session;
    const { connection } = session;
    this.#stopProbe();
    if (segment !== undefined && stack.decisions.data.isFastclose(session, segment.options)) {
      // RFC8684-3.5-01: MP_FASTCLOSE on a reset ends the connection.
      session.members.splice(session.members.indexOf(this.#member), 1);
      takeFastclose(stack, session, flow);
      return;
    }
    const at = session.members.indexOf(this.#member);
    if (at >= 0) session.members.splice(at, 1);
    connection.hooks.memberEnded?.(this.#member);
    if (connection.state === 'closed') {
      if (session.members.length === 0) closeSession(stack, session);
      return;
    }
    if (session.members.length > 0) reinject(stack, session, flow);
    else if (connection.pending.size === 0 || how === 'timeout') this.#awaitFlows();
    else reinject(stack, session, flow);
  }

  /** RFC6824-3.5-04: the last flow is gone, the connection waits for a join. */
  #awaitFlows(): void {
    const stack = this.#stack;
    const session = this.#session;
    reinject(stack, session, this.#member.flow);
    session.idleAlarm?.cancel();
    session.idleAlarm = stack.alarms.at(stack.now + idleTime, ['idle', session], () => {
      if (session.members.length > 0) return;
      closeSession(stack, session);
      concludeConnection(stack, session.connection, 'reset');
    });
  }
}

interface Membership {
  readonly by: Member['by'];
  readonly localId: number;
  readonly remoteId: number | undefined;
  readonly backup?: boolean;
  readonly awaiting?: Member['awaiting'];
  readonly third?: readonly TcpOption[];
}

/** Makes a flow a member of the connection. */
export const attach = (stack: Stack, session: Session, flow: Flow, membership: Membership): Member => {
  const member: Member = {
    flow,
    by: membership.by,
    localId: membership.localId,
    remoteId: membership.remoteId,
    backup: membership.backup ?? false,
    awaiting: membership.awaiting ?? 'nothing',
    dssSeen: false,
    mappings: [],
    held: new Uint8Array(0),
    heldSeq: 1,
    mapped: false,
    third: membership.third ?? [],
    reportedRtt: undefined,
    probe: undefined,
  };
  session.members.push(member);
  session.connection.pending.delete(flow);
  session.idleAlarm?.cancel();
  flow.owner = new Subflow(stack, session, member);
  shareWindow(stack, session.connection, flow);
  establish(stack, session.connection);
  session.connection.hooks.memberAdded?.(member);
  return member;
};

/**
 * Third segments that wait for an answer are sent so often (RFC6824-3.2-10), over 15 s; then the flow is reset. A probe of a
 * peer that may not know MP_JOIN_CAP ends after 3 s (I-59).
 */
const thirdSegmentTries = { nothing: 1, ack: 4, dss: 2 } as const;

/** Sends the third segment, and again with doubled waits while the flow is waiting for its answer. */
export const sendThird = (stack: Stack, session: Session, member: Member, tries = 0): void => {
  if (!canSend(member.flow)) return;
  if (tries >= thirdSegmentTries[member.awaiting]) {
    resetMember(stack, session, member, resetReason(session.version, ResetReason.mptcp));
    return;
  }
  sendAck(stack, member.flow, member.third);
  if (member.awaiting === 'nothing') return;
  member.flow.timer?.cancel();
  member.flow.timer = stack.alarms.at(
    stack.now + (seconds(stack.parameters.tcp.initial_rto_s) << BigInt(tries)),
    ['third segment', member, tries + 1],
    () => sendThird(stack, session, member, tries + 1),
  );
};

/** The MP_CAPABLE of a handshake segment, when one counts. */
export const capableOf = (stack: Stack, segment: Tcp): MpCapable | undefined =>
  findOption(segment.options, 'mp_capable', stack.parameters.opt.duplicate);
