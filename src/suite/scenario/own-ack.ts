/** ACKs that the tester sends of its own accord, as any receiver does, so that nobody waits for what no case is about. */
import { decodeFrame } from '../../protocol/wire/frame.js';
import { type Seq, seqBefore } from '../../protocol/wire/seq.js';
import type { FieldPattern, SegmentPattern } from '../language/segment-pattern.js';
import { compose } from './compose.js';
import { type Flow, sent } from './flow.js';
import { keepFlow } from './flows.js';
import { acknowledgedOn, act, stepTitle, type Work } from './state.js';
import { tell } from './tell.js';

/** How long the tester waits for the rest, nanoseconds: at first, and where the peer has shown that it waits. */
const patience = 50_000_000n;
const patienceWithWhoWaits = 10_000_000n;

/** How long the tester waits before it acknowledges of its own accord. */
export const patienceOf = ({ flows }: Work): bigint =>
  [...flows.values()].some(({ partAcked }) => partAcked !== undefined) ? patienceWithWhoWaits : patience;

/** Something came that may have to be acknowledged if nothing follows. */
export const awaitRest = (work: Work): void =>
  act(work, { action: 'arm', timer: 'part', at: work.now.at + patienceOf(work) });

/** An ACK of the tester's own accord; it moves nothing but what was acknowledged. */
export function acknowledge(work: Work, at: Flow, pattern: SegmentPattern, change: Partial<Flow>): void {
  const flow = work.flows.get(at.name) ?? at;
  const place = { ...at, next: nextOf(work, flow) };
  const composed = compose(work.plan, place, withTimestamp(pattern, at), work.bindings, work.now.at);
  const { told, dataAcknowledged, acknowledged } = sent(at, composed);
  keepFlow(work, { ...flow, told, acknowledged, dataAcknowledged, ...change });
  for (const frame of composed.frames) {
    const text = (): string => tell(decodeFrame(frame, work.plan.subtypes), flow.name);
    act(
      work,
      { action: 'send', path: flow.path, frame },
      { step: stepTitle(work), taken: 'sent', flow: flow.name, text },
    );
  }
}

/** Octets that a case sent under numbers of its own moved the peer and not the flow: an ACK stands after what the peer took. */
function nextOf(work: Work, flow: Flow): Seq {
  const acknowledged = acknowledgedOn(work, flow);
  return acknowledged !== undefined && seqBefore(flow.next, acknowledged) ? acknowledged : flow.next;
}

/** With the Data ACK that was told before, where the octets have a mapping that ends somewhere. */
export const ackOf = (dataAck: bigint | undefined, window: number | undefined): SegmentPattern => ({
  segment: 'ACK',
  fields: window === undefined ? {} : { window: literal(BigInt(window)) },
  options:
    dataAck === undefined ? [] : [{ name: 'dss', pattern: { presence: 'present', fields: { ack: literal(dataAck) } } }],
  rawOptions: [],
  rawBefore: [],
  mptcpAbsent: false,
});

/** Where the case tells timestamps, the latest of them: a host may drop what has none (RFC 7323 section 3.2). */
function withTimestamp(pattern: SegmentPattern, { told, peerTimestamp }: Flow): SegmentPattern {
  if (told?.timestamp === undefined || peerTimestamp === undefined) return pattern;
  const fields = { value: literal(BigInt(told.timestamp)), echo: literal(BigInt(peerTimestamp)) };
  return {
    ...pattern,
    options: [...pattern.options, { name: 'timestamps', pattern: { presence: 'present', fields } }],
  };
}

const literal = (value: bigint): FieldPattern => ({
  is: 'value',
  value: { op: 'literal', value: BigInt.asUintN(64, value) },
  text: `${value}`,
});
