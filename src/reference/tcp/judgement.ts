/** Which segments TCP takes (RFC 9293 section 3.10.7.4, RFC 5961): pure functions of a flow and a segment. */

import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd, seqAtMost, seqBefore, seqDiff } from '../../protocol/wire/seq.js';
import type { ReferenceParameters } from '../parameters.js';
import { type Flow, hasFlag, segmentLength } from './flow.js';

/** RFC 9293 section 3.10.7.4, first step: some part of the segment lies in the receive window. */
export const isAcceptable = (flow: Flow, segment: Tcp): boolean => {
  const offset = seqDiff(segment.seq, flow.rcvNxt);
  const length = segmentLength(segment);
  // A closed window still takes a bare acknowledgment at its edge (RFC 9293 section 3.10.7.4, table 6).
  const room = length === 0 ? Math.max(flow.receiveWindow, 1) : flow.receiveWindow;
  if (length === 0) return offset >= 0 && offset < room;
  return offset < room && offset + length > 0;
};

/** What a reset does on a synchronised flow (RFC 9293 section 3.10.7.4 second step, RFC 5961 section 3.2). */
export const judgeReset = (flow: Flow, segment: Tcp): 'reset' | 'challenge' | 'drop' => {
  const offset = seqDiff(segment.seq, flow.rcvNxt);
  if (offset === 0) return 'reset';
  return offset > 0 && offset < flow.receiveWindow ? 'challenge' : 'drop';
};

/**
 * What another SYN in the window does. In SYN-RECEIVED after a passive open the flow goes back to LISTEN and nothing is said
 * (RFC 9293 section 3.10.7.4): the peer began anew, and its next SYN finds the listener. The challenge ACK of RFC 5961
 * section 4.2 is for synchronised states (RFC9293-3.10.7-13), to which the RFC adds SYN-RECEIVED after an active open.
 */
export const judgeSyn = ({ state, opener }: Flow, { tcp }: ReferenceParameters): 'challenge' | 'listen' | 'reset' =>
  state === 'syn-received' && opener === 'passive' ? 'listen' : tcp.syn_in_window;

/** Whether the acknowledgment of a segment in SYN-SENT or SYN-RECEIVED covers the SYN and nothing unsent. */
export const acknowledgesSyn = (flow: Flow, segment: Tcp): boolean =>
  hasFlag(segment, TcpFlag.ACK) && seqBefore(flow.iss, segment.ack) && seqAtMost(segment.ack, flow.sndNxt);

/** RFC 5961 section 5.2: an acknowledgment from the distant past or of what was never sent. */
export const isAckAcceptable = (flow: Flow, segment: Tcp): boolean => {
  const ahead = seqDiff(segment.ack, flow.sndNxt);
  const behind = seqDiff(flow.sndUna, segment.ack);
  return ahead <= 0 && behind <= Math.max(flow.sndWindow, 65535);
};

/** Whether the segment is not older than the one that last told the window (RFC 9293 section 3.10.7.4, fifth step). */
export const tellsWindow = ({ sndUna, sndWl1, sndWl2 }: Flow, { seq, ack }: Tcp): boolean =>
  seqAtMost(sndUna, ack) && (seqBefore(sndWl1, seq) || (sndWl1 === seq && seqAtMost(sndWl2, ack)));

/** The same SYN as the one that opened this flow (RFC9293-3.10.7-16). */
export const isSynRepeated = (flow: Flow, segment: Tcp): boolean =>
  hasFlag(segment, TcpFlag.SYN) && !hasFlag(segment, TcpFlag.ACK) && segment.seq === flow.irs;

/** The SYN/ACK that answered this flow, again. */
export const isSynAckRepeated = (flow: Flow, segment: Tcp): boolean =>
  flow.opener === 'active' &&
  hasFlag(segment, TcpFlag.SYN) &&
  hasFlag(segment, TcpFlag.ACK) &&
  segment.seq === flow.irs &&
  segment.ack === seqAdd(flow.iss, 1);
