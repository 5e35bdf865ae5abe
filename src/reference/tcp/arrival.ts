/**
 * A segment arrives on a flow (RFC 9293 section 3.10.7.3 and .4, with RFC 5961): TCP's checks and state changes, in the
 * order of the RFC. What MPTCP makes of the segment is asked of the flow's owner once TCP has taken it.
 */
import { type Tcp, TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seqAdd, seqAtMost, seqBefore, seqDiff } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import { takeOffer, takeTimestamp } from './companions.js';
import { isDuplicateAck } from './congestion.js';
import { type Flow, hasFlag, segmentLength } from './flow.js';
import { removeFlow } from './flow-table.js';
import { acknowledgesSyn, isAckAcceptable, isSynAckRepeated, isSynRepeated } from './judgement.js';
import { sendReset } from './send-reset.js';
import { acknowledge, acknowledgeAgain, finishHandshake, sendAck, sendSynAck } from './transmission.js';

/** How long TIME-WAIT lasts: two segment lifetimes of 30 s. */
const timeWait = 60_000_000_000n;
/** RFC 9293 section 3.8.6.3 allows half a second. */
const ackDelay = 40_000_000n;

export const segmentArrives = (stack: Stack, flow: Flow, packet: TcpPacket): void => {
  if (flow.state === 'syn-sent') arriveInSynSent(stack, flow, packet);
  else arriveSynchronised(stack, flow, packet);
  if (isClosed(flow)) return;
  // Answers first: they carry the acknowledgment that is due.
  flow.owner.roomMade(flow);
  if (!flow.ackDue || isClosed(flow)) return;
  if (mayWait(stack, flow, packet.tcp)) delayAck(stack, flow);
  else sendAck(stack, flow);
};

/** RFC 5681 section 4.2: the second segment, one out of order and one that fills a gap are acknowledged at once. */
const mayWait = (stack: Stack, flow: Flow, { seq, flags, payload }: Tcp): boolean =>
  stack.config.delayedAcks === true &&
  flow.ackAlarm === undefined &&
  payload.length > 0 &&
  (flags & TcpFlag.FIN) === 0 &&
  flow.early.length === 0 &&
  flow.rcvNxt === seqAdd(seq, payload.length);

const delayAck = (stack: Stack, flow: Flow): void => {
  flow.ackDue = false;
  flow.ackAlarm = stack.alarms.at(stack.now + ackDelay, ['delayed ACK', flow], () => sendAck(stack, flow));
};

/** RFC 9293 section 3.10.7.3. */
const arriveInSynSent = (stack: Stack, flow: Flow, packet: TcpPacket): void => {
  const segment = packet.tcp;
  const covers = acknowledgesSyn(flow, segment);
  if (hasFlag(segment, TcpFlag.RST)) {
    // First and second: a reset counts with an acceptable ACK and is dropped otherwise (RFC9293-3.10.7-03, -04, -05).
    if (!stack.decisions.tcp.refuses(flow, segment)) return;
    removeFlow(stack, flow);
    flow.owner.ended(flow, 'refused', segment);
    return;
  }
  if (hasFlag(segment, TcpFlag.ACK) && !covers) {
    // First: an ACK of something never sent draws a reset from its own number (RFC9293-3.10.7-03, -3.5.1-01).
    const form = stack.decisions.tcp.answerWithoutState(segment);
    if (form !== undefined) sendReset(stack, flow.path, packet, form);
    return;
  }
  if (!hasFlag(segment, TcpFlag.SYN)) return;
  flow.irs = segment.seq;
  flow.rcvNxt = seqAdd(segment.seq, 1);
  takeOffer(flow, segment);
  flow.sndWindow = segment.window;
  if (covers) {
    flow.sndUna = segment.ack;
    flow.state = 'established';
    finishHandshake(stack, flow);
    flow.owner.synAckArrived(flow, segment);
    return;
  }
  // Fourth: simultaneous open (RFC 9293 section 3.5 figure 7, RFC9293-3.5-01): SYN/ACK with the ISN unchanged.
  flow.state = 'syn-received';
  sendSynAck(stack, flow);
};

/** RFC 9293 section 3.10.7.4. */
const arriveSynchronised = (stack: Stack, flow: Flow, packet: TcpPacket): void => {
  const segment = packet.tcp;
  const { tcp } = stack.decisions;
  if (flow.state === 'syn-received' && isSynAckRepeated(flow, segment)) {
    // The peer's SYN/ACK of a simultaneous open: its SYN was taken already, its ACK counts.
    flow.state = 'established';
    flow.sndUna = segment.ack;
    finishHandshake(stack, flow);
    flow.owner.synAckArrived(flow, segment);
    return;
  }
  // First: the sequence number.
  if (!tcp.isAcceptable(flow, segment)) {
    if (hasFlag(segment, TcpFlag.RST)) return;
    if (flow.state === 'syn-received' && isSynRepeated(flow, segment)) sendSynAck(stack, flow);
    else if (flow.state !== 'syn-received' && isSynAckRepeated(flow, segment)) flow.owner.synAckRepeated(flow);
    else sendAck(stack, flow);
    return;
  }
  // Second: RST.
  if (hasFlag(segment, TcpFlag.RST)) {
    const judgement = tcp.judgeReset(flow, segment);
    if (judgement === 'challenge') sendAck(stack, flow);
    if (judgement !== 'reset') return;
    removeFlow(stack, flow);
    flow.owner.ended(flow, 'reset', segment);
    return;
  }
  // Fourth: SYN on a synchronised flow draws a challenge ACK (RFC 5961 section 4.2, RFC9293-3.10.7-13).
  if (hasFlag(segment, TcpFlag.SYN)) {
    sendAck(stack, flow);
    return;
  }
  // Fifth: ACK.
  if (!hasFlag(segment, TcpFlag.ACK)) return;
  if (flow.state === 'syn-received') {
    if (!completesHandshake(stack, flow, packet)) return;
  } else if (!isAckAcceptable(flow, segment)) {
    sendAck(stack, flow);
    return;
  }
  if (seqAtMost(segment.seq, flow.rcvNxt)) takeTimestamp(flow, segment);
  if (!flow.owner.signalsArrived(flow, segment)) return;
  takeAcknowledgment(stack, flow, segment);
  if (isClosed(flow)) return;
  takeOctets(stack, flow, segment);
};

/** The flow's state now: an owner may have ended it, which the type checker cannot see. */
const isClosed = (flow: Flow): boolean => flow.state === 'closed';

/** The third segment, or what stands in for it. */
const completesHandshake = (stack: Stack, flow: Flow, packet: TcpPacket): boolean => {
  const segment = packet.tcp;
  if (!stack.decisions.tcp.acknowledgesSyn(flow, segment)) {
    // RFC9293-3.10.7-11: the entry stays.
    sendReset(stack, flow.path, packet, { seq: segment.ack, ack: 0, flags: TcpFlag.RST });
    return false;
  }
  const outcome = flow.owner.thirdSegmentArrived(flow, segment);
  if (outcome !== 'established') return false;
  establishPassive(stack, flow, segment.ack);
  flow.sndWindow = scaledWindow(flow, segment);
  return true;
};

/** SYN-RECEIVED -> ESTABLISHED. */
export const establishPassive = (stack: Stack, flow: Flow, acknowledged = flow.sndNxt): void => {
  if (flow.state !== 'syn-received') return;
  flow.state = 'established';
  flow.sndUna = acknowledged;
  finishHandshake(stack, flow);
};

/** The window that a segment behind the SYN offers, in octets (RFC 7323 section 2.3). */
export const scaledWindow = (flow: Flow, segment: Tcp): number => segment.window << (flow.scaling?.theirs ?? 0);

const takeAcknowledgment = (stack: Stack, flow: Flow, segment: Tcp): void => {
  flow.sndWindow = scaledWindow(flow, segment);
  if (seqBefore(flow.sndUna, segment.ack)) acknowledge(stack, flow, segment.ack);
  else if (isDuplicateAck(flow, segment)) acknowledgeAgain(stack, flow);
  // RFC 9293 section 3.8.6.1: who answers probes of a closed window is there, however long it stays closed.
  if (flow.sndWindow === 0) flow.expirations = 0;
  if (flow.ownFinSent && segment.ack === flow.sndNxt && flow.queue.length === 0) ownFinAcknowledged(stack, flow);
};

const ownFinAcknowledged = (stack: Stack, flow: Flow): void => {
  switch (flow.state) {
    case 'fin-wait-1':
      flow.state = 'fin-wait-2';
      // Nothing more is expected of a peer that forgot us: the half-closed flow does not stay for ever.
      flow.timer = stack.alarms.at(stack.now + timeWait, ['end of flow', flow], () => endFlow(stack, flow));
      break;
    case 'closing':
      enterTimeWait(stack, flow);
      break;
    case 'last-ack':
      endFlow(stack, flow);
      break;
    default:
      break;
  }
};

const endFlow = (stack: Stack, flow: Flow): void => {
  removeFlow(stack, flow);
  flow.owner.ended(flow, 'fin');
};

const enterTimeWait = (stack: Stack, flow: Flow): void => {
  flow.state = 'time-wait';
  flow.timer?.cancel();
  flow.timer = stack.alarms.at(stack.now + timeWait, ['end of time-wait', flow], () => removeFlow(stack, flow));
  flow.owner.ended(flow, 'fin');
};

/** Seventh and eighth: octets in order go to the owner, later ones wait, FIN counts when all before it is there. */
const takeOctets = (stack: Stack, flow: Flow, segment: Tcp): void => {
  if (segmentLength(segment) === 0) return;
  flow.ackDue = true;
  if (hasFlag(segment, TcpFlag.FIN)) flow.peerFin ??= seqAdd(segment.seq, segment.payload.length);
  if (segment.payload.length > 0) {
    flow.early.push({ seq: segment.seq, payload: segment.payload });
    if (flow.early.length > 1) flow.early.sort((a, b) => seqDiff(a.seq, b.seq));
  }
  deliverInOrder(flow);
  if (isClosed(flow) || flow.peerFin === undefined || flow.peerFin !== flow.rcvNxt) return;
  takeFin(stack, flow);
};

const deliverInOrder = (flow: Flow): void => {
  for (let first = flow.early[0]; first !== undefined; first = flow.early[0]) {
    const already = seqDiff(flow.rcvNxt, first.seq);
    if (already < 0) return;
    flow.early.shift();
    if (already >= first.payload.length) continue;
    const octets = first.payload.subarray(already, already + flow.receiveWindow);
    if (octets.length === 0) continue;
    const ssn = seqDiff(flow.rcvNxt, flow.irs);
    flow.rcvNxt = seqAdd(flow.rcvNxt, octets.length);
    flow.owner.octetsArrived(flow, ssn >>> 0, octets);
    if (isClosed(flow)) return;
  }
};

const takeFin = (stack: Stack, flow: Flow): void => {
  switch (flow.state) {
    case 'established':
      flow.rcvNxt = seqAdd(flow.rcvNxt, 1);
      flow.state = 'close-wait';
      break;
    case 'fin-wait-1':
      flow.rcvNxt = seqAdd(flow.rcvNxt, 1);
      flow.state = 'closing';
      break;
    case 'fin-wait-2':
      flow.rcvNxt = seqAdd(flow.rcvNxt, 1);
      sendAck(stack, flow);
      enterTimeWait(stack, flow);
      return;
    default:
      // A FIN beyond the octet awaited, or one already taken.
      return;
  }
  flow.peerFin = undefined;
  flow.owner.finArrived(flow);
};
