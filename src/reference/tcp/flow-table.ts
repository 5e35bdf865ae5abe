/** Flows enter and leave the table of the host; nothing is sent here. */
import type { Seq } from '../../protocol/wire/seq.js';
import { seconds } from '../seconds.js';
import type { Stack } from '../stack.js';
import { type Flow, type FlowOwner, type FlowPlace, flowKey } from './flow.js';
import { defaultMss } from './mss.js';

interface FlowOpening extends FlowPlace {
  readonly opener: 'active' | 'passive';
  readonly owner: FlowOwner;
}

/** The initial sequence number of a flow (RFC 9293 section 3.4.1): hard to guess, as everything that is drawn. */
export const initialSequence = (stack: Stack, _place: FlowPlace): Seq => stack.entropy.initialSequence();

/** The source port of a flow that this host opens (RFC 6335 section 6). */
export const sourcePort = (stack: Stack, _to: Omit<FlowPlace, 'localPort'>): number => stack.entropy.port();

/** The shift by which a window is told: the least that does for a buffer, else the usual one (RFC 7323 section 2.2). */
const windowShift = ({ config, parameters }: Stack): number =>
  config.receiveBuffer === undefined
    ? parameters.tcp.window_shift
    : Math.max(Math.ceil(Math.log2(config.receiveBuffer / 65_535)), 0);

/** Puts a new flow into the table; nothing is sent yet. */
export const createFlow = (stack: Stack, opening: FlowOpening): Flow => {
  const iss = stack.decisions.tcp.initialSequence(stack, opening);
  const { path, local, localPort, remote, remotePort, opener, owner } = opening;
  // Every member by name: a spread of this size costs tens of microseconds.
  const flow: Flow = {
    key: flowKey(local, localPort, remote, remotePort),
    path,
    local,
    localPort,
    remote,
    remotePort,
    opener,
    owner,
    state: opener === 'active' ? 'syn-sent' : 'syn-received',
    iss,
    sndUna: iss,
    sndNxt: iss,
    sndWindow: 0,
    sndWl1: 0 as Seq,
    sndWl2: 0 as Seq,
    largestWindow: 0,
    persistence: undefined,
    probeDue: false,
    smallDue: false,
    irs: 0 as Seq,
    withoutState: false,
    rcvNxt: 0 as Seq,
    lastAckSent: 0 as Seq,
    receiveWindow: stack.config.receiveBuffer ?? stack.parameters.tcp.window,
    windowShift: windowShift(stack),
    mss: defaultMss(local),
    scaling: undefined,
    sackPermitted: false,
    timestamps: undefined,
    queue: [],
    mostSegments: stack.parameters.tcp.most_segments,
    congestionWindow: stack.decisions.tcp.initialWindow(defaultMss(local)),
    slowStartThreshold: Number.POSITIVE_INFINITY,
    duplicateAcks: 0,
    recovery: undefined,
    rto: seconds(stack.parameters.tcp.initial_rto_s),
    smoothedRtt: undefined,
    rttVariance: 0n,
    expirations: 0,
    handshakeRepeated: false,
    openedAt: stack.now,
    timer: undefined,
    early: [],
    peerFin: undefined,
    ownFinSent: false,
    ackDue: false,
    ackAlarm: undefined,
  };
  stack.flows.set(flow.key, flow);
  return flow;
};

/** Takes the flow out of the table without a word; a later segment meets no state. */
export const removeFlow = (stack: Stack, flow: Flow): void => {
  flow.timer?.cancel();
  flow.timer = undefined;
  flow.persistence?.cancel();
  flow.persistence = undefined;
  flow.ackAlarm?.cancel();
  flow.ackAlarm = undefined;
  flow.state = 'closed';
  flow.queue = [];
  flow.ackDue = false;
  if (stack.flows.get(flow.key) === flow) stack.flows.delete(flow.key);
};
