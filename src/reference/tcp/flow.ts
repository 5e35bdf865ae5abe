/**
 * One TCP flow: the transmission control block of a 4-tuple (RFC 9293 section 3.3.1) and its states (section 3.3.2).
 *
 * | state        | entered by                          | left by                                                   |
 * |--------------|-------------------------------------|-----------------------------------------------------------|
 * | syn-sent     | active open                         | SYN/ACK -> established, SYN -> syn-received, RST, give up |
 * | syn-received | SYN at a listener                   | third segment -> established, RST, give up                |
 * | established  | handshake done                      | own FIN -> fin-wait-1, peer's FIN -> close-wait, RST      |
 * | fin-wait-1   | own FIN sent                        | its ACK -> fin-wait-2, peer's FIN -> closing              |
 * | fin-wait-2   | own FIN acknowledged                | peer's FIN -> time-wait                                   |
 * | close-wait   | peer's FIN                          | own FIN -> last-ack                                       |
 * | closing      | both FINs, own not acknowledged     | its ACK -> time-wait                                      |
 * | last-ack     | both FINs, peer's first             | its ACK -> closed                                         |
 * | time-wait    | both FINs acknowledged              | time                                                      |
 * | closed       | the flow is gone from the table     |                                                           |
 *
 * The owner of a flow determines its use (a potential initial flow, a join, a member of a connection, plain TCP): TCP
 * checks come first (RFC 6824 section 3), then the owner gets the segment.
 */
import { type IpAddress, type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import type { Seq } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Alarm } from '../alarms.js';

type FlowState =
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'time-wait'
  | 'closed';

/** Why a flow ended. */
export type FlowEnd = 'fin' | 'reset' | 'refused' | 'timeout';

/** A segment in the retransmission queue. */
export interface Outstanding {
  readonly seq: Seq;
  readonly payload: Uint8Array;
  readonly flags: number;
  /** MPTCP options that belong to these octets; cleared when the connection falls back. */
  options: readonly TcpOption[];
  readonly sentAt: bigint;
  /** When it was last sent. */
  latestAt: bigint;
  resent: boolean;
}

/** The use of the flow. An owner gets the host's stack at its creation, so that flows do not need it. */
export interface FlowOwner {
  /** MPTCP options of the SYN or SYN/ACK; `transmission` counts from 0. */
  handshakeOptions(flow: Flow, transmission: number): readonly TcpOption[];
  /** Active opener: an acceptable SYN/ACK; TCP is established, the third segment is the owner's. */
  synAckArrived(flow: Flow, segment: Tcp): void;
  /** Active opener: the SYN/ACK came again. */
  synAckRepeated(flow: Flow): void;
  /** Passive opener: a segment with an acceptable ACK in SYN-RECEIVED. `held`: it was not accepted, the flow stays. */
  thirdSegmentArrived(flow: Flow, segment: Tcp): 'established' | 'held' | 'gone';
  /** Options of an acceptable segment on a synchronised flow, before its octets; false when the flow is gone. */
  signalsArrived(flow: Flow, segment: Tcp): boolean;
  /** Octets in order; `ssn` counts from the SYN, which is 0. */
  octetsArrived(flow: Flow, ssn: number, octets: Uint8Array): void;
  /** The peer's FIN, in order. */
  finArrived(flow: Flow): void;
  /** A segment was processed: octets may have been acknowledged, the window opened, answers may be ready. */
  roomMade(flow: Flow): void;
  /** The retransmission timer fired. */
  retransmitted(flow: Flow): void;
  /** The flow left the table; `segment` is the reset that did it. */
  ended(flow: Flow, how: FlowEnd, segment?: Tcp): void;
  /** MPTCP options of every segment that has room for them: Data ACK. */
  standingOptions(flow: Flow): readonly TcpOption[];
  /** Kind of owner, and everything its answers depend on (`describe` of the host). */
  describe(): readonly unknown[];
}

/** Between which ends a flow is, and by which path. */
export interface FlowPlace {
  readonly path: number;
  readonly local: IpAddress;
  readonly localPort: number;
  readonly remote: IpAddress;
  readonly remotePort: number;
}

export interface Flow extends FlowPlace {
  readonly key: string;
  readonly opener: 'active' | 'passive';
  owner: FlowOwner;
  state: FlowState;

  readonly iss: Seq;
  sndUna: Seq;
  sndNxt: Seq;
  /** In octets, scaled. */
  sndWindow: number;
  /** Sequence and acknowledgment number of the segment that last set `sndWindow`: SND.WL1 and SND.WL2 of RFC 9293. */
  sndWl1: Seq;
  sndWl2: Seq;
  /** Max.SND.WND: the largest window that was offered. */
  largestWindow: number;
  /** Runs while the window is closed, or too small for what waits. */
  persistence: Alarm | undefined;
  /** The window has been closed for a retransmission timeout. */
  probeDue: boolean;
  /** A segment may be as small as the window. */
  smallDue: boolean;
  irs: Seq;
  /** No state is kept for it before the third segment (SYN cookies). */
  withoutState: boolean;
  rcvNxt: Seq;
  /** Acknowledgment number of the last segment sent: Last.ACK.sent of RFC 7323. */
  lastAckSent: Seq;
  /** Octets after `rcvNxt` that are taken. */
  receiveWindow: number;
  /** By how many bits the window is told smaller, when both sides offered scaling. */
  readonly windowShift: number;

  /** Octets of payload the peer takes, without options. */
  mss: number;
  /** Window scaling (RFC 7323 section 2), when both sides offered it. */
  scaling: { readonly theirs: number } | undefined;
  sackPermitted: boolean;
  /** Timestamps (RFC 7323 section 3), when both sides offered them: TS.Recent, which is echoed, and when it was noted. */
  timestamps: { recent: number; notedAt: bigint } | undefined;

  queue: Outstanding[];
  /** Segments under way at most. */
  readonly mostSegments: number;
  /** Congestion control (congestion.ts), octets. */
  congestionWindow: number;
  slowStartThreshold: number;
  duplicateAcks: number;
  /** After a loss: octets under way at that time are sent again, piece by piece, as acknowledgments come in. */
  recovery: { readonly until: Seq; readonly by: 'timer' | 'duplicates' } | undefined;
  /** Retransmission timer (RFC 6298), nanoseconds. */
  rto: bigint;
  smoothedRtt: bigint | undefined;
  rttVariance: bigint;
  /** Timer expirations since something was last acknowledged. */
  expirations: number;
  /** A SYN or SYN/ACK had to be repeated (RFC 6298 section 5.7). */
  handshakeRepeated: boolean;
  openedAt: bigint;
  timer: Alarm | undefined;

  /** Segments beyond a gap. */
  early: { readonly seq: Seq; readonly payload: Uint8Array }[];
  /** Sequence number of the peer's FIN once it is known. */
  peerFin: Seq | undefined;
  ownFinSent: boolean;
  /** An ACK is owed for what this input brought. */
  ackDue: boolean;
  /** Runs while one segment in order waits to be acknowledged with the next. */
  ackAlarm: Alarm | undefined;
}

/** Ends of the segment that an ICMP error quotes. */
export interface QuotedFlow {
  readonly source: IpAddress;
  readonly sourcePort: number;
  readonly destination: IpAddress;
  readonly destinationPort: number;
}

/** The table key of a flow, the same for both directions seen from the host. */
export const flowKey = (local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): string =>
  `${remote}|${remotePort}|${local}|${localPort}`;

export const hasFlag = (segment: Tcp, flag: number): boolean => (segment.flags & flag) !== 0;

/** SEG.LEN: payload plus one each for SYN and FIN (RFC 9293 section 3.3.1). */
export const segmentLength = (segment: Tcp): number =>
  segment.payload.length + (hasFlag(segment, TcpFlag.SYN) ? 1 : 0) + (hasFlag(segment, TcpFlag.FIN) ? 1 : 0);

/** Whether a bare ACK says anything to the peer. */
export const canAcknowledge = ({ state }: Flow): boolean =>
  state !== 'syn-sent' && state !== 'syn-received' && state !== 'closed' && state !== 'time-wait';

/** Whether the peer may still send octets: its FIN has not come. */
export const canReceive = ({ state }: Flow): boolean =>
  state === 'established' || state === 'fin-wait-1' || state === 'fin-wait-2';

/** Whether data may still be sent. */
export const canSend = (flow: Flow): boolean =>
  (flow.state === 'established' || flow.state === 'close-wait') && !flow.ownFinSent;
