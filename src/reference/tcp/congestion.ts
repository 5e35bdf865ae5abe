/**
 * How many octets a flow has under way, and what it retransmits before its timer fires: slow start and congestion avoidance
 * (RFC 5681 section 3.1), fast retransmit and fast recovery of NewReno (RFC 5681 section 3.2, RFC 6582 section 3.2), each
 * flow of a connection by itself. Windows are octets.
 *
 * | event                        | window                              | sent again           |
 * |------------------------------|-------------------------------------|----------------------|
 * | new octets acknowledged      | slow start, or congestion avoidance |                      |
 * | third duplicate ACK          | half of what is under way, plus 3   | the first segment    |
 * | further duplicate ACK        | one segment more                    |                      |
 * | recovery, some acknowledged  | less by that, one segment more      | the first segment    |
 * | recovery, all acknowledged   | half of what was under way          |                      |
 * | timer fired                  | one segment                         | the first segment    |
 */

import { DssFlag } from '../../protocol/mptcp/option.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { seqBefore, seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { type Flow, segmentLength } from './flow.js';

/** RFC 5681 section 3.2. */
const duplicateThreshold = 3;
/** Most octets that a flow has under way: beyond it, only queues grow. */
const largestWindow = 1 << 20;

/** Ten segments, but not more octets than ten usual segments have (RFC 6928 section 2), whatever the peer's MSS is. */
export const initialWindow = (mss: number): number => Math.min(10 * mss, Math.max(2 * mss, 14_600));

const underWay = (flow: Flow): number => seqDiff(flow.sndNxt, flow.sndUna);

/** RFC 5681 equation 4. */
const halved = (flow: Flow): number => Math.max(underWay(flow) >> 1, 2 * flow.mss);

/**
 * Whether a segment that acknowledges no new octets is a duplicate ACK (RFC 5681 section 2): it carries no data, and no
 * MPTCP option but a Data ACK (RFC 8684 section 3.3.6). Its window need not be unchanged: the window of a connection also
 * depends on its other flows and its application.
 */
export const isDuplicateAck = (flow: Flow, segment: Tcp): boolean =>
  segment.ack === flow.sndUna &&
  flow.queue.length > 0 &&
  segmentLength(segment) === 0 &&
  !segment.options.some(isSignal);

const isSignal = (option: TcpOption): boolean => {
  switch (option.option) {
    case 'dss':
      return (option.flags & (DssFlag.M | DssFlag.F)) !== 0;
    case 'mp_capable':
    case 'mp_join':
    case 'mp_join_cap':
    case 'add_addr':
    case 'remove_addr':
    case 'mp_prio':
    case 'mp_fail':
    case 'mp_fastclose':
    case 'mp_tcprst':
    case 'l_rtt_en':
      return true;
    default:
      return false;
  }
};

/** A duplicate ACK came; true when the first segment is to be sent again. `standard`: a loss is a sign of congestion. */
export const takeDuplicateAck = (flow: Flow, congestion: 'standard' | 'other'): boolean => {
  flow.duplicateAcks += 1;
  if (flow.recovery !== undefined) {
    // RFC 6582 section 3.2 step 3: a segment has left the network.
    if (flow.recovery.by === 'duplicates') flow.congestionWindow += flow.mss;
    return false;
  }
  if (flow.duplicateAcks !== duplicateThreshold) return false;
  if (congestion === 'other') return true;
  flow.slowStartThreshold = halved(flow);
  flow.congestionWindow = flow.slowStartThreshold + duplicateThreshold * flow.mss;
  flow.recovery = { until: flow.sndNxt, by: 'duplicates' };
  return true;
};

/** This many new octets were acknowledged, up to `flow.sndUna`; true if the first segment is to be sent again. */
export const takeNewAck = (flow: Flow, octets: number): boolean => {
  flow.duplicateAcks = 0;
  const { recovery } = flow;
  if (recovery === undefined) {
    grow(flow, octets);
    return false;
  }
  const isPartial = seqBefore(flow.sndUna, recovery.until) && flow.queue.length > 0;
  if (recovery.by === 'timer') grow(flow, octets);
  else if (isPartial) {
    const left = flow.congestionWindow - octets + (octets >= flow.mss ? flow.mss : 0);
    flow.congestionWindow = Math.max(left, flow.mss);
  } else flow.congestionWindow = Math.min(flow.slowStartThreshold, Math.max(underWay(flow), flow.mss) + flow.mss);
  if (!isPartial) flow.recovery = undefined;
  return isPartial;
};

const grow = (flow: Flow, octets: number): void => {
  const { congestionWindow, mss } = flow;
  const more =
    congestionWindow < flow.slowStartThreshold
      ? Math.min(octets, mss)
      : // RFC 5681 equation 3, in proportion to what the acknowledgment covers.
        Math.max(Math.floor((mss * Math.min(octets, 2 * mss)) / congestionWindow), 1);
  flow.congestionWindow = Math.min(congestionWindow + more, largestWindow);
};

/** The loss window (RFC 5681 section 3.1). */
export const lossWindow = ({ mss }: Flow): number => mss;

/** The timer fired for what has been sent up to now (RFC 5681 section 3.1). */
export const takeTimeout = (flow: Flow, window: number): void => {
  // Only the first time: afterwards nothing new was under way.
  if (flow.expirations <= 1) flow.slowStartThreshold = halved(flow);
  flow.congestionWindow = window;
  flow.duplicateAcks = 0;
  // RFC 6582 section 4.1: what was under way then does not begin a fast retransmit.
  flow.recovery = { until: flow.sndNxt, by: 'timer' };
};
