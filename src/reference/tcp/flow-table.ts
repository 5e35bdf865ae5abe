/** Flows enter and leave the table of the host; nothing is sent here. */
import type { IpAddress } from '../../protocol/wire/packet.js';
import type { Seq } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import { initialWindow } from './congestion.js';
import { type Flow, type FlowOwner, flowKey, initialRto, receiveWindow, windowShiftFor } from './flow.js';
import { defaultMss } from './mss.js';

interface FlowOpening {
  readonly path: number;
  readonly local: IpAddress;
  readonly localPort: number;
  readonly remote: IpAddress;
  readonly remotePort: number;
  readonly opener: 'active' | 'passive';
  readonly owner: FlowOwner;
}

/** Puts a new flow into the table; nothing is sent yet. */
export const createFlow = (stack: Stack, opening: FlowOpening, iss: Seq): Flow => {
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
    irs: 0 as Seq,
    rcvNxt: 0 as Seq,
    lastAckSent: 0 as Seq,
    receiveWindow: stack.config.receiveBuffer ?? receiveWindow,
    windowShift: windowShiftFor(stack.config.receiveBuffer),
    mss: defaultMss(local),
    scaling: undefined,
    sackPermitted: false,
    timestamps: undefined,
    queue: [],
    congestionWindow: initialWindow(defaultMss(local)),
    slowStartThreshold: Number.POSITIVE_INFINITY,
    duplicateAcks: 0,
    recovery: undefined,
    rto: initialRto,
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
  flow.ackAlarm?.cancel();
  flow.ackAlarm = undefined;
  flow.state = 'closed';
  flow.queue = [];
  flow.ackDue = false;
  if (stack.flows.get(flow.key) === flow) stack.flows.delete(flow.key);
};
