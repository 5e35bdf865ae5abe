/**
 * The TCP state that one end of a flow has shown, kept only by a reader that is the peer and so saw every segment. Places
 * are octets from the end's own SYN, which is 0, or from the other end's SYN where stated.
 */
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import type { SegmentView } from '../../protocol/wire/segment-view.js';
import type { StreamTail } from './stream-tail.js';

/** The offer of a SYN or SYN/ACK. */
export interface TcpOffer {
  readonly mss: number | undefined;
  readonly windowShift: number | undefined;
  readonly sackPermitted: boolean;
  readonly timestamps: boolean;
}

/** A segment that was sent: its times and its contents. */
export interface Transmission {
  readonly place: number;
  /** After its last octet, FIN counted. */
  readonly end: number;
  readonly sum: number;
  readonly frame: number;
  /** Nanoseconds. */
  readonly times: bigint[];
  /** Segments of the other end that had come by the latest time. */
  heard: number;
  /** Those of them without data. */
  bareAcks: number;
  isRepeated: boolean;
  /** The timeout that expired last, if this was sent alone and no round trip was measured since. Nanoseconds. */
  readonly backedOff: bigint | undefined;
}

/** The number of octets that an end may have under way (congestion.ts). */
export interface Congestion {
  /** The most, as it grows by acknowledgments. */
  window: number;
  /** The latest loss: the window before it, when it was noticed, and the octets sent by then. */
  loss: { readonly window: number; readonly at: bigint; readonly until: number } | undefined;
  /** Not all of these octets are acknowledged. */
  recovers: boolean;
  /** Segments without data that the other end had sent when it last acknowledged new octets. */
  bareAcks: number;
}

/** The first timestamp of an end, and when it came. Nanoseconds. */
interface TimestampClock {
  readonly first: number;
  readonly firstAt: bigint;
}

export interface TcpSide {
  /** After the last octet sent, SYN and FIN counted. */
  end: number;
  /** Segments that it sent. */
  segments: number;
  /** Those without data: they may be duplicate ACKs. */
  bareAcks: number;
  /** The farthest octet of the other end for which it offered room, counted from the other's SYN. */
  edge: number | undefined;
  /**
   * The octet of the other end for which it offered room in its latest segment; less than `edge` if the window shrank.
   */
  latestEdge: number | undefined;
  /** The farthest octet of the other end that it acknowledged, counted from the other's SYN. */
  acknowledged: number;
  /** The farthest octet of the other end that it acknowledged in a segment that was taken for certain, and when that was. */
  settled: { readonly upTo: number; readonly at: bigint; readonly frame: number } | undefined;
  /** The latest timeout before a retransmission; absent if a round trip was measured since. Nanoseconds. */
  backedOff: bigint | undefined;
  congestion: Congestion | undefined;
  clock: TimestampClock | undefined;
  /** The ACKs with MPTCP options that it sent last, one after the other: how many, when the latest, and what had come by then. */
  optionAcks: { readonly times: number; readonly at: bigint; readonly ack: number; readonly heard: number } | undefined;
  /** When it probed the window of the other end, as long as that is closed at one octet. Nanoseconds. */
  readonly probes: bigint[];
  /** The last octets that it sent. */
  tail: StreamTail | undefined;
  /** What it sent, by place and length. */
  readonly sent: Map<string, Transmission>;
}

export const newTcpSide = (): TcpSide => ({
  end: 0,
  segments: 0,
  bareAcks: 0,
  edge: undefined,
  latestEdge: undefined,
  acknowledged: 0,
  settled: undefined,
  backedOff: undefined,
  congestion: undefined,
  clock: undefined,
  optionAcks: undefined,
  tail: undefined,
  probes: [],
  sent: new Map(),
});

export const offerOf = (tcp: Pick<SegmentView, 'options'>): TcpOffer => {
  let offer: TcpOffer = { mss: undefined, windowShift: undefined, sackPermitted: false, timestamps: false };
  for (const option of tcp.options) {
    if (option.option === 'mss') offer = { ...offer, mss: option.value };
    else if (option.option === 'window_scale') offer = { ...offer, windowShift: option.shift };
    else if (option.option === 'sack_permitted') offer = { ...offer, sackPermitted: true };
    else if (option.option === 'timestamps') offer = { ...offer, timestamps: true };
  }
  return offer;
};

/** Sequence space that a segment takes (RFC 9293 section 3.4). */
export const spaceOf = (tcp: Pick<Tcp, 'flags'> & { readonly payloadLength: number }): number =>
  tcp.payloadLength + ((tcp.flags & TcpFlag.SYN) !== 0 ? 1 : 0) + ((tcp.flags & TcpFlag.FIN) !== 0 ? 1 : 0);
