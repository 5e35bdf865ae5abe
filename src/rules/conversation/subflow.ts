/**
 * The state of one TCP flow, found by addresses and ports. A SYN with another sequence number on the same ports is a new
 * flow. Only state that is needed to judge later segments is kept.
 */
import type { MpCapable, MpJoinSyn, MpJoinSynAck } from '../../protocol/mptcp/option.js';
import type { Seq } from '../../protocol/wire/seq.js';
import type { OpenMapping } from '../open-mapping.js';
import type { Connection, Host } from './connection.js';
import type { DeclaredMappings } from './declared-mappings.js';
import type { Endpoint } from './endpoint.js';
import type { End } from './segment.js';
import type { TcpOffer, TcpSide } from './tcp-side.js';

/** An option, and the frame in which it was first seen. */
export interface Seen<T> {
  readonly option: T;
  readonly frame: number;
}

/** Octets of a subflow that came without a mapping. */
export interface Hole {
  readonly at: number;
  /** After the last of them. */
  until: number;
  readonly frame: number;
}

export interface SubflowEnd {
  readonly address: string;
  readonly port: number;
  isn?: Seq;
  /** The SYN or SYN/ACK that was seen first. */
  synFrame?: number;
  /** Octets that its SYN carried. */
  synData: number;
  /** After the highest payload octet seen, relative to the SYN; not wrapped. */
  next: number;
  /** Whether payload is missing before payload that was seen. */
  gap: boolean;
  /** The mapping whose payload is being summed up. */
  mapping: OpenMapping | undefined;
  /** After the highest octet that was mapped, relative to the SYN. */
  mappedUntil: number;
  /** Its latest mappings. */
  declared?: DeclaredMappings;
  /** Its latest payload was a repetition. */
  repeats: boolean;
  /** After the payload of its first DSN of eight octets. */
  longDsn: number | undefined;
  /** The first octet of payload that no mapping covers yet. */
  hole: Hole | undefined;
  /** The first payload without mapping before any Data ACK. */
  unmapped: number | undefined;
  /** The first Data ACK it sent on this subflow. */
  firstDataAck?: number;
  /** The farthest edge of its window, Data ACK plus window, on this subflow. */
  edge?: number;
  /** The Data ACK that it counts from. */
  edgeAck?: number;
  /** The farthest edge stated by an ACK without data, with its Data ACK and frame; if the reader is between the hosts. */
  bareEdge?: { readonly acknowledged: number; readonly edge: number; readonly frame: number };
  /** The farthest octet of the other end that it acknowledged, and in which frame; until the other's FIN is seen. */
  ackedAhead?: { readonly covered: number; readonly frame: number };
  /** What its first SYN or SYN/ACK offers. */
  offer?: TcpOffer;
  /** The state of its TCP, if the reader is its peer. */
  tcp?: TcpSide;
  /** The place of its FIN, relative to its SYN. */
  finAt?: number;
  /** It sent a FIN. */
  finished: boolean;
  /** It sent a RST, and no payload since. */
  reset: boolean;
}

export interface Subflow {
  /** Counted from 1, in the order in which they were first seen. */
  readonly number: number;
  readonly opener: SubflowEnd;
  readonly listener: SubflowEnd;
  /** Whether the opener is the first end of the flow, and the number of words of the ends, see `FlowEnds`. */
  readonly openerFirst: boolean;
  readonly words: number;
  /** MP_CAPABLE of SYN, SYN/ACK and third segment. */
  synCapable?: Seen<MpCapable>;
  synAckCapable?: Seen<MpCapable>;
  /** The opener's MP_CAPABLE after the SYN/ACK, which makes the flow the initial one of a connection or one of its equals. */
  thirdCapable?: number;
  /** Without MP_CAPABLE and without MP_JOIN, although the SYN had one. */
  plainSynAck?: number;
  /** A SYN without any MPTCP option was seen, so that a plain answer is no fallback. */
  plainSyn: boolean;
  synJoin?: Seen<MpJoinSyn>;
  synAckJoin?: Seen<MpJoinSynAck>;
  /** The listener of a join sent a segment after its SYN/ACK. */
  joinAnswered?: boolean;
  /** Whether SYN and SYN/ACK carried ROBE_eSIM_EN. */
  esimOffered: boolean;
  esimConfirmed: boolean;
  /** Whether the SYN carried L_RTT_EN. */
  rttOffered: boolean;
  /** The MP_JOIN whose HMAC was wrong, and who sent it. */
  wrongHmac?: { readonly sender: End; readonly frame: number };
  connection?: Connection;
  /** Which host of the connection opened this subflow. */
  openedBy?: Host;
  /** SYNs of one end offered different options. */
  offersVary?: boolean;
  /** The SYN offered accurate ECN. */
  accurateEcn?: boolean;
  /** It began on the ports of an open flow: a segment may belong to either. */
  displaces: boolean;
  /** That flow, if a reader between the hosts distinguishes them by their numbers. */
  before?: Subflow;
  /** Number of the flow of which this is a second view, see `views.ts`. */
  viewOf?: number;
  /** Reset, or finished by both ends. */
  ended: boolean;
}

const newEnd = (address: string, port: number): SubflowEnd => ({
  address,
  port,
  synData: 0,
  next: 1,
  gap: false,
  mappedUntil: 1,
  mapping: undefined,
  hole: undefined,
  repeats: false,
  longDsn: undefined,
  unmapped: undefined,
  finished: false,
  reset: false,
});

export const newSubflow = (
  number: number,
  opener: Endpoint,
  listener: Endpoint,
  openerFirst: boolean,
  words: number,
): Subflow => ({
  number,
  opener: newEnd(opener.address, opener.port),
  listener: newEnd(listener.address, listener.port),
  openerFirst,
  words,
  plainSyn: false,
  esimOffered: false,
  esimConfirmed: false,
  rttOffered: false,
  displaces: false,
  ended: false,
});

/** Which host of the connection is at this end. */
export const hostAt = (openedBy: Host, end: End): Host => (end === 'opener' ? openedBy : openedBy === 'a' ? 'b' : 'a');

/**
 * Octets from the end's SYN, which is 0, to a sequence number near the last one seen. The count continues beyond 2^32 and
 * is negative before the SYN; undefined if the SYN was not seen.
 */
export const relative = (end: SubflowEnd, seq: Seq): number | undefined =>
  end.isn === undefined ? undefined : end.next + ((seq - end.isn - end.next) | 0);

/** Whether both ends may have negotiated an option: one of their SYNs was not seen, or both have it. */
export const mayAgreeOn = ({ opener, listener }: Subflow, what: 'timestamps' | 'sackPermitted'): boolean =>
  opener.offer?.[what] !== false && listener.offer?.[what] !== false;

/** RFC 9293 section 3.10.7.2: an answer acknowledges the SYN; data in it (RFC 7413) may be acknowledged too. */
export const acknowledgesSyn = ({ isn, synData }: SubflowEnd, ack: Seq): boolean =>
  isn !== undefined && (ack - isn - 1) >>> 0 <= synData;
