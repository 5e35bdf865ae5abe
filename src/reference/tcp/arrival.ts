/**
 * A segment arrives on a flow (RFC 9293 section 3.10.7.3 and .4, with RFC 5961): TCP's checks and state changes, in the
 * order of the RFC. After TCP has accepted the segment, the flow's owner processes its MPTCP options.
 */
import { type Tcp, TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { seqAdd, seqBefore } from '../../protocol/wire/seq.js';
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import { linger, ownFinAcknowledged } from './closing.js';
import { takeOffer } from './companions.js';
import { isDuplicateAck } from './congestion.js';
import { type Flow, hasFlag } from './flow.js';
import { removeFlow } from './flow-table.js';
import { acknowledgesSyn, isSynAckRepeated, isSynRepeated } from './judgement.js';
import { sendReset } from './send-reset.js';
import { takeWindow } from './send-window.js';
import { takeText } from './text.js';
import { lacksTimestamp, noteTimestamp } from './timestamps.js';
import { acknowledge, acknowledgeAgain, finishHandshake, resetFlow, sendAck, sendSynAck } from './transmission.js';

export const segmentArrives = (stack: Stack, flow: Flow, packet: TcpPacket): void => {
  const wait = seconds(stack.parameters.tcp.third_ack_delay_s);
  if (wait === 0n || flow.state !== 'syn-sent' || !acknowledgesSyn(flow, packet.tcp)) {
    takeSegment(stack, flow, packet);
    return;
  }
  // A host that takes its time: the SYN/ACK lies there before it is read.
  stack.alarms.at(stack.now + wait, ['SYN/ACK', flow, packet.tcp], () => {
    if (!isClosed(flow)) takeSegment(stack, flow, packet);
  });
};

const takeSegment = (stack: Stack, flow: Flow, packet: TcpPacket): void => {
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
  stack.parameters.tcp.ack_delay_s > 0 &&
  flow.ackAlarm === undefined &&
  payload.length > 0 &&
  (flags & TcpFlag.FIN) === 0 &&
  flow.early.length === 0 &&
  flow.rcvNxt === seqAdd(seq, payload.length);

const delayAck = (stack: Stack, flow: Flow): void => {
  flow.ackDue = false;
  flow.ackAlarm = stack.alarms.at(stack.now + seconds(stack.parameters.tcp.ack_delay_s), ['delayed ACK', flow], () =>
    sendAck(stack, flow),
  );
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
  flow.lastAckSent = flow.rcvNxt;
  takeOffer(stack, flow, segment);
  // The window of a segment with SYN is not scaled (RFC 7323 section 2.2).
  takeWindow(stack, flow, segment, segment.window);
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
  if (flow.state === 'syn-received' && flow.withoutState && !isThirdOfNoState(stack, flow, packet)) return;
  if (flow.state === 'syn-received' && isSynAckRepeated(flow, segment)) {
    // The peer's SYN/ACK of a simultaneous open: its SYN was taken already, its ACK counts.
    flow.state = 'established';
    flow.sndUna = segment.ack;
    takeWindow(stack, flow, segment, segment.window);
    finishHandshake(stack, flow);
    flow.owner.synAckArrived(flow, segment);
    return;
  }
  // First: the sequence number, and before it the timestamp, which a reset need not have (RFC 7323 sections 5.2 and 5.3).
  const isReset = hasFlag(segment, TcpFlag.RST);
  if (stack.parameters.tcp.timestamps_required && lacksTimestamp(flow, segment)) return;
  if ((!isReset && tcp.isOutdated(flow, segment, stack.now)) || !tcp.isAcceptable(flow, segment)) {
    if (isReset) return;
    // The peer's FIN again: the time of TIME-WAIT begins anew (RFC 9293 section 3.10.7.4, fifth step).
    if (flow.state === 'time-wait' && hasFlag(segment, TcpFlag.FIN)) linger(stack, flow);
    if (flow.state === 'syn-received' && isSynRepeated(flow, segment)) sendSynAck(stack, flow);
    else if (flow.state !== 'syn-received' && isSynAckRepeated(flow, segment)) flow.owner.synAckRepeated(flow);
    else sendAck(stack, flow);
    return;
  }
  // Second: RST.
  if (isReset) {
    const judgement = tcp.judgeReset(flow, segment);
    if (judgement === 'challenge') sendAck(stack, flow);
    if (judgement !== 'reset') return;
    removeFlow(stack, flow);
    flow.owner.ended(flow, 'reset', segment);
    return;
  }
  // Fourth: SYN.
  if (hasFlag(segment, TcpFlag.SYN)) {
    takeSyn(stack, flow);
    return;
  }
  // Fifth: ACK.
  if (!hasFlag(segment, TcpFlag.ACK)) return;
  if (flow.state === 'syn-received') {
    if (!completesHandshake(stack, flow, packet)) return;
  } else if (!tcp.isAckAcceptable(flow, segment)) {
    sendAck(stack, flow);
    return;
  }
  noteTimestamp(flow, segment, stack.now);
  if (!flow.owner.signalsArrived(flow, segment)) return;
  takeAcknowledgment(stack, flow, segment);
  if (isClosed(flow)) return;
  takeText(stack, flow, segment);
};

/**
 * What a listener without state does with a segment for a flow that it has answered (RFC 4987 section 3.6): the same SYN draws the
 * same SYN/ACK, a reset has nothing to end, and an ACK counts only where it fits the number that was sent. True: go on with it.
 */
const isThirdOfNoState = (stack: Stack, flow: Flow, packet: TcpPacket): boolean => {
  const segment = packet.tcp;
  if (hasFlag(segment, TcpFlag.RST)) return false;
  if (isSynRepeated(flow, segment)) {
    sendSynAck(stack, flow);
    return false;
  }
  if (!hasFlag(segment, TcpFlag.ACK)) return false;
  const fits = !hasFlag(segment, TcpFlag.SYN) && segment.seq === flow.rcvNxt;
  if (fits && stack.decisions.tcp.acknowledgesSyn(flow, segment)) return true;
  sendReset(stack, flow.path, packet, { seq: segment.ack, ack: 0, flags: TcpFlag.RST });
  return false;
};

/** Whether the flow was dropped for this SYN, which goes to a stateless listener. */
export const givesWay = (stack: Stack, flow: Flow, segment: Tcp): boolean => {
  if (flow.state !== 'syn-received' || !flow.withoutState || isSynRepeated(flow, segment)) return false;
  if (!hasFlag(segment, TcpFlag.SYN) || hasFlag(segment, TcpFlag.ACK)) return false;
  removeFlow(stack, flow);
  flow.owner.ended(flow, 'reset');
  return true;
};

/** The flow's state now: an owner may have ended it, which the type checker cannot see. */
const isClosed = (flow: Flow): boolean => flow.state === 'closed';

/** Another SYN in the window. */
const takeSyn = (stack: Stack, flow: Flow): void => {
  const judgement = stack.decisions.tcp.judgeSyn(flow, stack.parameters);
  if (judgement === 'challenge') {
    sendAck(stack, flow);
    return;
  }
  if (judgement === 'reset') resetFlow(stack, flow);
  else removeFlow(stack, flow);
  flow.owner.ended(flow, 'reset');
};

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
  takeWindow(stack, flow, segment, scaledWindow(flow, segment));
  return true;
};

/** SYN-RECEIVED -> ESTABLISHED. */
export const establishPassive = (stack: Stack, flow: Flow, acknowledged = flow.sndNxt): void => {
  if (flow.state !== 'syn-received') return;
  flow.state = 'established';
  flow.sndUna = acknowledged;
  finishHandshake(stack, flow);
};

/** The window that a segment after the SYN offers, in octets (RFC 7323 section 2.3). */
export const scaledWindow = (flow: Flow, segment: Tcp): number => segment.window << (flow.scaling?.theirs ?? 0);

const takeAcknowledgment = (stack: Stack, flow: Flow, segment: Tcp): void => {
  const isNew = seqBefore(flow.sndUna, segment.ack);
  if (stack.decisions.tcp.tellsWindow(flow, segment)) takeWindow(stack, flow, segment, scaledWindow(flow, segment));
  if (isNew) acknowledge(stack, flow, segment.ack);
  else if (isDuplicateAck(flow, segment)) acknowledgeAgain(stack, flow);
  // RFC 9293 section 3.8.6.1: who answers probes of a closed window is there, however long it stays closed.
  if (flow.sndWindow === 0) flow.expirations = 0;
  if (flow.ownFinSent && segment.ack === flow.sndNxt && flow.queue.length === 0) ownFinAcknowledged(stack, flow);
};
