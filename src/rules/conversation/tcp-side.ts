/**
 * What one end of a flow has shown of its TCP, kept only by a reader that is the peer and so saw all of it. Places are octets
 * from the end's own SYN, which is 0, or from the other end's where that is said.
 */
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import type { SegmentView } from '../../protocol/wire/segment-view.js';

/** What a SYN or SYN/ACK offers for the connection. */
export interface TcpOffer {
  readonly mss: number | undefined;
  readonly windowShift: number | undefined;
  readonly sackPermitted: boolean;
  readonly timestamps: boolean;
}

/** A segment that was sent: how often and when, and what it held. */
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
  /** The wait of the timer that ran last, where this was sent alone and nothing has given a round trip since. Nanoseconds. */
  readonly backedOff: bigint | undefined;
}

/** How much an end may have under way (congestion.ts). Octets. */
export interface Congestion {
  /** The most, as it grows by acknowledgments. */
  window: number;
  /** The latest loss: how much could be under way before it, when it was noticed, and what had been sent by then. */
  loss: { readonly window: number; readonly at: bigint; readonly until: number } | undefined;
  /** Not all of that is acknowledged. */
  recovers: boolean;
  /** Segments without data that the other end had sent when it last acknowledged something new. */
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
  /** Those of them that carry nothing: they may be signs of a loss. */
  bareAcks: number;
  /** The farthest octet of the other end that it offered room for, counted from the other's SYN. */
  edge: number | undefined;
  /** The octet of the other end that it offered room for when it last said so; less than `edge` where the window shrank. */
  latestEdge: number | undefined;
  /** The farthest octet of the other end that it acknowledged, counted from the other's SYN. */
  acknowledged: number;
  /** The farthest octet of the other end that it acknowledged in a segment that was taken for certain, and when that was. */
  settled: { readonly upTo: number; readonly at: bigint; readonly frame: number } | undefined;
  /** The latest wait before something was sent again by the timer; absent where a round trip was measured since. Nanoseconds. */
  backedOff: bigint | undefined;
  congestion: Congestion | undefined;
  clock: TimestampClock | undefined;
  /** When it probed the window of the other end, as long as that is closed at one octet. Nanoseconds. */
  readonly probes: bigint[];
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
