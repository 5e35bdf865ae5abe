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
  readonly sum: number;
  readonly frame: number;
  /** Nanoseconds. */
  readonly times: bigint[];
  /** Segments of the other end that had come by the latest time. */
  heard: number;
}

export interface TcpSide {
  /** After the last octet sent, SYN and FIN counted. */
  end: number;
  /** Segments that it sent. */
  segments: number;
  /** The farthest octet of the other end that it offered room for, counted from the other's SYN. */
  edge: number | undefined;
  /** The farthest octet of the other end that it acknowledged, counted from the other's SYN. */
  acknowledged: number;
  /** What it sent, by place and length. */
  readonly sent: Map<string, Transmission>;
}

export const newTcpSide = (): TcpSide => ({
  end: 0,
  segments: 0,
  edge: undefined,
  acknowledged: 0,
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
