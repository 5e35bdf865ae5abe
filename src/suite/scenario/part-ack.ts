/**
 * The acknowledgment of octets whose rest does not come. A sender may wait for it before it sends more: its congestion window
 * may be a single segment, or a short segment waits while another one is unacknowledged (RFC 9293 sections 3.7.4 and 3.8.2).
 * The tester then acknowledges what is there, as any receiver does, and no case depends on how a stream is cut and paced. Where a
 * case sets windows itself, they are what it is about, and nothing is acknowledged for it.
 */
import { DssFlag } from '../../protocol/mptcp/option.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore } from '../../protocol/wire/seq.js';
import type { SegmentPattern } from '../language/segment-pattern.js';
import { awaitedBy, awaits } from './awaited.js';
import { compose } from './compose.js';
import { attempt, concerns } from './expectation.js';
import type { Flow } from './flow.js';
import { acknowledgedOn, act, stepTitle, type Work } from './state.js';
import { tell } from './tell.js';

/** How long the tester waits for the rest, nanoseconds. */
const patience = 50_000_000n;

/** Octets came of which more are awaited. */
export const awaitRest = (work: Work): void => act(work, { action: 'arm', timer: 'part', at: work.now.at + patience });

/** Nothing more came: what is there is acknowledged. */
export function acknowledgeParts(work: Work): void {
  const [step] = work.remaining;
  if (step === undefined || !awaits(step)) return;
  for (const held of work.held) {
    const flow = held.flow === undefined ? undefined : work.flows.get(held.flow);
    if (flow === undefined || flow.ownWindow || held.tcp.seq !== flow.expected) continue;
    const part = awaitedBy(work, step)
      .filter((awaited) => concerns(work, awaited, held))
      .map((awaited) => attempt(work, awaited, held))
      .find(({ isBeginning, parts }) => isBeginning && parts.every((each) => each.flow === held.flow));
    const ack = part === undefined ? undefined : ackOf(part.whole);
    if (part === undefined || ack === undefined) continue;
    const expected = seqAdd(held.tcp.seq, part.whole.payload.length);
    const { frames } = compose(
      work.plan,
      { ...flow, expected, next: nextOf(work, flow) },
      ack,
      work.bindings,
      work.now.at,
    );
    for (const frame of frames) {
      const text = (): string => tell(decodeFrame(frame, work.plan.subtypes), flow.name);
      act(
        work,
        { action: 'send', path: flow.path, frame },
        { step: stepTitle(work), taken: 'sent', flow: flow.name, text },
      );
    }
    return;
  }
}

/** Octets that a case sent under numbers of its own moved the peer and not the flow: an ACK stands after what the peer took. */
function nextOf(work: Work, flow: Flow): Seq {
  const acknowledged = acknowledgedOn(work, flow);
  return acknowledged !== undefined && seqBefore(flow.next, acknowledged) ? acknowledged : flow.next;
}

const plainAck: SegmentPattern = {
  segment: 'ACK',
  fields: {},
  options: [],
  rawOptions: [],
  rawBefore: [],
  mptcpAbsent: false,
};

/** With the Data ACK where a mapping tells it in full; undefined where it tells it by half. */
function ackOf({ options, payload }: Tcp): SegmentPattern | undefined {
  const dss = options.find((option) => option.option === 'dss');
  if (options.some(({ option }) => option === 'mp_capable')) return undefined;
  if (dss?.option !== 'dss' || dss.dsn === undefined || dss.dataLength === 0) return plainAck;
  if ((dss.flags & DssFlag.m) === 0) return undefined;
  const value = BigInt.asUintN(64, dss.dsn + BigInt(payload.length));
  const ack = { is: 'value', value: { op: 'literal', value }, text: `${value}` } as const;
  return { ...plainAck, options: [{ name: 'dss', pattern: { presence: 'present', fields: { ack } } }] };
}
