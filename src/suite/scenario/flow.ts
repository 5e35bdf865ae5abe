/**
 * The tester's side of one TCP flow: addresses, numbers, and values of the peer. It changes in `sent` and `received`
 * only; both are pure. The tester is no TCP stack: it keeps the numbers that are needed to compose a right segment for
 * the word `SYN` of a case.
 */
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore, seqDiff } from '../../protocol/wire/seq.js';

/** An acknowledgment with its window field. */
export interface Told {
  readonly ack: Seq;
  readonly window: number;
  /** The Data ACK beside it. */
  readonly dataAck?: bigint;
  /** The timestamp beside it. */
  readonly timestamp?: number;
}

/** Every field is there from the beginning: flows that are built alike are read faster than those that grow. */
export interface Flow {
  /** `1` or `1/name`. */
  readonly name: string;
  readonly path: number;
  readonly local: { readonly address: string; readonly port: number; readonly mac: string };
  readonly remote: { readonly address: string; readonly port: number; readonly mac: string };
  /** The tester's initial sequence number. */
  readonly isn: Seq;
  /** Next number the tester sends. */
  readonly next: Seq;
  /** The peer's initial sequence number, once its SYN was seen. */
  readonly peerIsn: Seq | undefined;
  /** Next number expected from the peer, once its SYN was seen. */
  readonly expected: Seq | undefined;
  /** The peer's last TSval, to be echoed. */
  readonly peerTimestamp: number | undefined;
  /** The key the peer sent in its last MP_CAPABLE on this flow. */
  readonly peerKey: bigint | undefined;
  readonly testerReset: boolean;
  /** The tester's latest ACK; undefined before the first one. */
  readonly told: Told | undefined;
  /** The farthest number that the tester acknowledged. */
  readonly acknowledged: Seq | undefined;
  /** The latest Data ACK that it told. */
  readonly dataAcknowledged: bigint | undefined;
  /** Where in the data sequence a copy ends that was passed over and that the tester has not acknowledged (copies.ts). */
  readonly copiedTo: bigint | undefined;
  /** How far its field of the window is shifted, where both SYNs scale. */
  readonly scale: number | undefined;
  /** The octets that the tester acknowledged before all of them came (part-ack.ts). */
  readonly partAcked: Tcp | undefined;
  readonly peerReset: boolean;
  /** The tester's latest segment was cut, because the peer's MSS is smaller. */
  readonly wasCut: boolean;
  /** Every accepted segment of the peer, to recognise a retransmission. */
  readonly seen: readonly Tcp[];
}

/** A flow on which nothing was sent or received yet. */
export const unusedFlow = (beginning: Pick<Flow, 'name' | 'path' | 'local' | 'remote' | 'isn'>): Flow => ({
  name: beginning.name,
  path: beginning.path,
  local: beginning.local,
  remote: beginning.remote,
  isn: beginning.isn,
  next: beginning.isn,
  peerIsn: undefined,
  expected: undefined,
  peerTimestamp: undefined,
  peerKey: undefined,
  told: undefined,
  scale: undefined,
  partAcked: undefined,
  acknowledged: undefined,
  dataAcknowledged: undefined,
  copiedTo: undefined,
  testerReset: false,
  peerReset: false,
  wasCut: false,
  seen: [],
});

/** Sequence space a segment takes (RFC 9293 section 3.4): its octets plus one for SYN and one for FIN. */
export const segmentLength = (flags: number, payload: number): number =>
  payload + ((flags & TcpFlag.SYN) !== 0 ? 1 : 0) + ((flags & TcpFlag.FIN) !== 0 ? 1 : 0);

/** The flow after the tester sent a segment. A segment with a number of the case's own does not move the flow. */
export function sent(
  flow: Flow,
  segment: {
    readonly frames: readonly Uint8Array[];
    readonly flags: number;
    readonly payload: number;
    readonly ownSeq: boolean;
    readonly told?: Told;
    readonly scale?: number;
  },
): Flow {
  const moved = segment.ownSeq ? flow.next : seqAdd(flow.next, segmentLength(segment.flags, segment.payload));
  return {
    ...flow,
    next: moved,
    ...(segment.told === undefined ? {} : acknowledging(flow, segment.told)),
    scale: segment.scale ?? flow.scale,
    wasCut: segment.frames.length > 1,
    testerReset: flow.testerReset || (segment.flags & TcpFlag.RST) !== 0,
  };
}

/** An acknowledgment beyond all that came counts for what came. */
function acknowledging(flow: Flow, told: Told): Partial<Flow> {
  const { expected, acknowledged } = flow;
  const reached = expected !== undefined && seqBefore(expected, told.ack) ? expected : told.ack;
  const isFarther = acknowledged === undefined || seqBefore(acknowledged, reached);
  return {
    told,
    acknowledged: isFarther ? reached : acknowledged,
    ...(told.dataAck === undefined ? {} : { dataAcknowledged: told.dataAck }),
  };
}

/** The flow after a segment of the peer was taken. Only what extends the received octets in order moves `expected`. */
export function received(flow: Flow, tcp: Tcp): Flow {
  const syn = (tcp.flags & TcpFlag.SYN) !== 0;
  const reset = (tcp.flags & TcpFlag.RST) !== 0;
  const end = seqAdd(tcp.seq, segmentLength(tcp.flags, tcp.payload.length));
  const peerIsn = syn ? tcp.seq : flow.peerIsn;
  const expected = nextExpected(flow, tcp, end, syn, reset);
  const timestamps = tcp.options.find((o) => o.option === 'timestamps');
  const capable = tcp.options.find((o) => o.option === 'mp_capable');
  const peerKey = capable?.option === 'mp_capable' && capable.key !== undefined ? capable.key : flow.peerKey;
  return {
    ...flow,
    peerIsn,
    expected,
    peerKey,
    peerTimestamp: timestamps?.option === 'timestamps' ? timestamps.value : flow.peerTimestamp,
    peerReset: flow.peerReset || reset,
    seen: [...flow.seen, tcp],
  };
}

/** The farthest number that the peer acknowledged in these segments; undefined if they acknowledge nothing. */
export function acknowledgedIn(segments: readonly Pick<Tcp, 'flags' | 'ack'>[]): Seq | undefined {
  let acknowledged: Seq | undefined;
  for (const { flags, ack } of segments) {
    if ((flags & TcpFlag.ACK) === 0) continue;
    if (acknowledged === undefined || seqBefore(acknowledged, ack)) acknowledged = ack;
  }
  return acknowledged;
}

function nextExpected(flow: Flow, tcp: Tcp, end: Seq, syn: boolean, reset: boolean): Seq | undefined {
  if (syn) return end;
  if (reset || flow.expected === undefined) return flow.expected;
  const inOrder = seqDiff(tcp.seq, flow.expected) <= 0;
  return inOrder && seqDiff(end, flow.expected) > 0 ? end : flow.expected;
}
