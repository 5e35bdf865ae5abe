/**
 * Transmission and retransmission of a flow: SYN, SYN/ACK, ACK, octets, FIN, resets and the retransmission timer (RFC
 * 6298). Every segment but a reset carries the negotiated companions, the current acknowledgment and, where there is
 * room, the owner's standing options; octets keep the MPTCP options they were first sent with, but for the Data ACK.
 */
import { TcpFlag } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd, seqAtMost, seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import {
  fitOptions,
  fitsHeader,
  laterCompanions,
  synAckCompanions,
  synCompanions,
  timestampsSpace,
} from './companions.js';
import { takeDuplicateAck, takeNewAck, takeTimeout } from './congestion.js';
import { acknowledgingNow, leavesDataAck } from './data-ack.js';
import { canSend, type Flow, type Outstanding } from './flow.js';
import { removeFlow } from './flow-table.js';

const nothing = new Uint8Array(0);
/** SYNs are repeated at 1, 3, 7 .. 127 s and given up at 247 s: more than the three minutes of RFC 9293 section 3.8.3. */
const synRepetitions = 7;
/** SYN/ACKs are repeated at 1, 3, 7, 15 and 31 s; the entry ends at 63 s. */
const synAckRepetitions = 5;
/** Repetitions of one data segment before the flow is given up: RFC 9293 section 3.8.3 asks for at least 100 s. */
const dataRepetitions = 8;
/** RFC 6298 section 2.5 allows a bound of at least 60 s. */
const longestRto = 120_000_000_000n;
/** A peer may announce an MSS that options alone would fill; an octet still has to go. */
const leastPayload = 1;

interface Sending {
  readonly seq: Seq;
  readonly flags: number;
  readonly payload?: Uint8Array;
  readonly companions: readonly TcpOption[];
  readonly signals: readonly TcpOption[];
}

const transmit = (stack: Stack, flow: Flow, sending: Sending): void => {
  const onSyn = (sending.flags & TcpFlag.SYN) !== 0;
  const withAck = (sending.flags & TcpFlag.ACK) !== 0;
  // RFC 7323 section 2.2: the window of a segment with SYN is not scaled.
  const shift = onSyn || flow.scaling === undefined ? 0 : flow.windowShift;
  stack.transmit({
    path: flow.path,
    source: flow.local,
    destination: flow.remote,
    sourcePort: flow.localPort,
    destinationPort: flow.remotePort,
    seq: sending.seq,
    ack: withAck ? flow.rcvNxt : 0,
    flags: sending.flags,
    window: Math.min(flow.receiveWindow >> shift, 65_535),
    options: stack.decisions.tcp.arrange(
      fitOptions(sending.companions, sending.signals, stack.parameters.options.pressure),
    ),
    payload: sending.payload ?? nothing,
  });
  if (withAck) flow.lastAckSent = flow.rcvNxt;
  if (!withAck || onSyn) return;
  flow.ackDue = false;
  if (leavesDataAck(flow, sending.signals)) return;
  flow.ackAlarm?.cancel();
  flow.ackAlarm = undefined;
};

/** Active open: sends the SYN; with `repeat` the flow repeats it by itself (RFC 9293 section 3.8.1). */
export const sendSyn = (stack: Stack, flow: Flow, repeat: boolean): void => {
  flow.sndNxt = seqAdd(flow.iss, 1);
  transmitSyn(stack, flow);
  if (repeat) armTimer(stack, flow);
};

/** The SYN once more, with what the owner offers this time. */
export const repeatSyn = (stack: Stack, flow: Flow): void => {
  flow.expirations += 1;
  flow.handshakeRepeated = true;
  transmitSyn(stack, flow);
};

const transmitSyn = (stack: Stack, flow: Flow): void =>
  transmit(stack, flow, {
    seq: flow.iss,
    flags: TcpFlag.SYN | (stack.parameters.tcp.ecn === 'offered' ? TcpFlag.ECE | TcpFlag.CWR : 0),
    companions: synCompanions(stack, flow),
    signals: flow.owner.handshakeOptions(flow, flow.expirations),
  });

/** Answers a SYN, the first time or again; the content stays the same (RFC 9293 section 3.8.1, DERIVED-KEY-01). */
export const sendSynAck = (stack: Stack, flow: Flow): void => {
  flow.sndNxt = seqAdd(flow.iss, 1);
  transmit(stack, flow, {
    seq: flow.iss,
    flags: TcpFlag.SYN | TcpFlag.ACK,
    companions: synAckCompanions(stack, flow),
    signals: flow.owner.handshakeOptions(flow, flow.expirations),
  });
  if (flow.timer === undefined) armTimer(stack, flow);
};

/** A bare ACK; `signals` in place of the owner's standing options. */
export const sendAck = (stack: Stack, flow: Flow, signals = flow.owner.standingOptions(flow)): void =>
  transmit(stack, flow, {
    seq: flow.sndNxt,
    flags: TcpFlag.ACK,
    companions: laterCompanions(flow, stack.now),
    signals,
  });

/** Asks whether the peer is there: an ACK of an octet before the next, which draws one (RFC 9293 section 3.8.4). */
export const sendKeepalive = (stack: Stack, flow: Flow): void =>
  transmit(stack, flow, {
    seq: seqAdd(flow.sndNxt, -1),
    flags: TcpFlag.ACK,
    companions: laterCompanions(flow, stack.now),
    signals: flow.owner.standingOptions(flow),
  });

/** Sends octets (and FIN) and keeps them until they are acknowledged. */
export const sendOctets = (
  stack: Stack,
  flow: Flow,
  payload: Uint8Array,
  options: readonly TcpOption[],
  fin = false,
): void => {
  const flags = TcpFlag.ACK | (payload.length > 0 ? TcpFlag.PSH : 0) | (fin ? TcpFlag.FIN : 0);
  const entry: Outstanding = {
    seq: flow.sndNxt,
    payload,
    flags,
    options,
    sentAt: stack.now,
    latestAt: stack.now,
    resent: false,
  };
  flow.queue.push(entry);
  flow.sndNxt = seqAdd(flow.sndNxt, payload.length + (fin ? 1 : 0));
  transmitEntry(stack, flow, entry);
  if (flow.timer === undefined) armTimer(stack, flow);
};

const transmitEntry = (stack: Stack, flow: Flow, entry: Outstanding): void => {
  const companions = laterCompanions(flow, stack.now);
  const hasDss = entry.options.some(({ option }) => option === 'dss' || option === 'mp_capable');
  const standing = hasDss ? [] : flow.owner.standingOptions(flow);
  transmit(stack, flow, {
    seq: entry.seq,
    flags: entry.flags,
    payload: entry.payload,
    companions,
    signals: fitsHeader(companions, entry.options, standing) ? [...entry.options, ...standing] : entry.options,
  });
};

/** Ends the sending direction (RFC 9293 section 3.10.4). */
export const sendFin = (stack: Stack, flow: Flow, options: readonly TcpOption[] = []): void => {
  if (!canSend(flow)) return;
  flow.ownFinSent = true;
  flow.state = flow.state === 'close-wait' ? 'last-ack' : 'fin-wait-1';
  sendOctets(stack, flow, nothing, options, true);
};

/** Resets a flow and forgets it: seq = SND.NXT (RFC 9293 section 3.10.5), or nothing at all before the SYN/ACK. */
export const resetFlow = (stack: Stack, flow: Flow, signals: readonly TcpOption[] = []): void => {
  if (flow.state !== 'syn-sent' && flow.state !== 'time-wait') {
    transmit(stack, flow, {
      seq: flow.sndNxt,
      flags: TcpFlag.RST | (stack.parameters.tcp.reset_ack ? TcpFlag.ACK : 0),
      // RFC 7323 section 5.2: timestamps on resets as well, where they were agreed on.
      companions: laterCompanions(flow, stack.now),
      signals,
    });
  }
  removeFlow(stack, flow);
};

/** Octets that may be put on the flow now: the lesser of both windows, less what is in flight. */
export const sendRoom = (flow: Flow): number => {
  if (!canSend(flow) || flow.queue.length >= flow.mostSegments) return 0;
  const inFlight = seqDiff(flow.sndNxt, flow.sndUna);
  // RFC 9293 section 3.8.6.1: a closed window is probed with one octet.
  if (flow.sndWindow === 0) return inFlight === 0 && flow.probeDue ? 1 : 0;
  return Math.min(flow.sndWindow, flow.congestionWindow) - inFlight;
};

/** Largest payload of one segment next to the companions and `signals` octets of MPTCP options (RFC 9293 section 3.7.1). */
export const segmentRoom = (stack: Stack, flow: Flow, signals = 0): number => {
  const companions = flow.timestamps === undefined ? 0 : timestampsSpace;
  const room = Math.min(flow.mss - companions - signals, stack.parameters.tcp.largest_payload);
  return Math.max(room, leastPayload);
};

/** Whether so many octets wait for the acknowledgment of what is under way, as `room` would hold more (Nagle, RFC 9293 section 3.7.4). */
export const waitsForMore = ({ parameters }: Stack, { queue }: Flow, octets: number, room: number): boolean =>
  parameters.tcp.nagle && queue.length > 0 && octets < room;

const armTimer = (stack: Stack, flow: Flow): void => {
  flow.timer?.cancel();
  flow.timer = stack.alarms.at(stack.now + flow.rto, ['retransmission', flow], () => expire(stack, flow));
};

const mostRepetitions = ({ parameters }: Stack, { state, withoutState }: Flow): number => {
  if (state !== 'syn-sent' && state !== 'syn-received') return dataRepetitions;
  // A stateless listener repeats nothing that could time out.
  if (parameters.tcp.repeats === 'once' && !withoutState) return 1;
  return state === 'syn-sent' ? synRepetitions : synAckRepetitions;
};

const expire = (stack: Stack, flow: Flow): void => {
  flow.timer = undefined;
  if (flow.expirations >= mostRepetitions(stack, flow)) {
    removeFlow(stack, flow);
    flow.owner.ended(flow, 'timeout');
    return;
  }
  flow.rto = stack.decisions.tcp.backOff(flow);
  if (flow.state === 'syn-sent') repeatSyn(stack, flow);
  else {
    flow.expirations += 1;
    if (flow.state === 'syn-received') {
      // A stateless listener cannot repeat; only the lifetime of the cookie passes.
      if (!flow.withoutState) {
        flow.handshakeRepeated = true;
        sendSynAck(stack, flow);
      }
    } else {
      takeTimeout(flow, stack.decisions.tcp.lossWindow(flow));
      repeatFirst(stack, flow);
      flow.owner.retransmitted(flow);
      if (flow.queue.length === 0) return;
    }
  }
  if (flow.timer === undefined) armTimer(stack, flow);
};

/** Twice the wait before, up to the longest (RFC 6298 section 5.5). */
export const backOff = ({ rto }: Flow): bigint => (rto * 2n < longestRto ? rto * 2n : longestRto);

const repeatFirst = (stack: Stack, flow: Flow): void => {
  const first = flow.queue[0];
  if (first === undefined) return;
  first.resent = true;
  first.latestAt = stack.now;
  transmitEntry(stack, flow, { ...first, options: acknowledgingNow(flow, first.options) });
};

/** The handshake is over: its timer stops and its round trip is the first sample, unless repeated (RFC 6298 section 3). */
export const finishHandshake = (stack: Stack, flow: Flow): void => {
  flow.timer?.cancel();
  flow.timer = undefined;
  flow.expirations = 0;
  if (flow.handshakeRepeated) {
    // RFC 6298 section 5.7: after a repeated SYN the timer starts at 3 s, if it was less.
    flow.rto = seconds(Math.max(stack.parameters.tcp.initial_rto_s, 3));
  } else sampleRtt(stack, flow, stack.now - flow.openedAt);
};

/** Takes what `ack` covers off the queue. */
export const acknowledge = (stack: Stack, flow: Flow, ack: Seq): void => {
  let octets = 0;
  let sample: bigint | undefined;
  flow.sndUna = ack;
  for (let first = flow.queue[0]; first !== undefined; first = flow.queue[0]) {
    const end = seqAdd(first.seq, first.payload.length + ((first.flags & TcpFlag.FIN) !== 0 ? 1 : 0));
    if (!seqAtMost(end, ack)) break;
    flow.queue.shift();
    octets += first.payload.length;
    sample = stack.decisions.tcp.roundTrip(first, stack.now) ?? sample;
  }
  if (sample !== undefined) sampleRtt(stack, flow, sample);
  flow.expirations = 0;
  if (takeNewAck(flow, octets)) repeatFirst(stack, flow);
  if (flow.queue.length > 0 && !stack.decisions.tcp.startsTimerAnew(flow)) return;
  flow.timer?.cancel();
  flow.timer = undefined;
  if (flow.queue.length > 0) armTimer(stack, flow);
};

/** RFC 6298 section 5.3. */
export const startsTimerAnew = (): boolean => true;

/** An acknowledgment of what was acknowledged already: the third of a row has the first segment sent again at once. */
export const acknowledgeAgain = (stack: Stack, flow: Flow): void => {
  if (takeDuplicateAck(flow, stack.parameters.tcp.congestion)) repeatFirst(stack, flow);
};

/** Karn: what was sent again does not say which copy was acknowledged (RFC 6298 section 3). */
export const roundTrip = ({ sentAt, resent }: Outstanding, now: bigint): bigint | undefined =>
  resent ? undefined : now - sentAt;

/** RFC 6298 sections 2.2 and 2.3. */
export const timeout = ({ smoothedRtt = 0n, rttVariance }: Flow): bigint => smoothedRtt + 4n * rttVariance;

/** RFC 6298 sections 2.2 to 2.4. */
const sampleRtt = (stack: Stack, flow: Flow, rtt: bigint): void => {
  if (flow.smoothedRtt === undefined) {
    flow.smoothedRtt = rtt;
    flow.rttVariance = rtt / 2n;
  } else {
    const error = rtt > flow.smoothedRtt ? rtt - flow.smoothedRtt : flow.smoothedRtt - rtt;
    flow.rttVariance = (3n * flow.rttVariance + error) / 4n;
    flow.smoothedRtt = (7n * flow.smoothedRtt + rtt) / 8n;
  }
  const least = seconds(stack.parameters.tcp.least_rto_s);
  flow.rto = stack.decisions.tcp.timeout(flow);
  if (flow.rto < least) flow.rto = least;
  stack.metrics.sampled(flow.path, rtt);
};
