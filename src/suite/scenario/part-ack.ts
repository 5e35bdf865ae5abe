/**
 * The acknowledgment of octets whose rest does not come. A sender may wait for it before it sends more: its congestion
 * window may be a single segment, or a short segment waits while another one is unacknowledged (RFC 9293 sections 3.7.4
 * and 3.8.2). The tester then acknowledges the received octets, as any receiver does, so no case depends on how a stream
 * is cut and paced. It acknowledges nothing else: the right edge of a window that the case has set stays, and so does the
 * Data ACK, because the flow waits and not the connection. If the case has left earlier octets unacknowledged, the tester
 * sends no such acknowledgment.
 */
import type { MptcpVersion } from '../../protocol/keys/hash.js';
import { initialDsn } from '../../protocol/keys/key-digest.js';
import { DssFlag } from '../../protocol/mptcp/option.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { Tcp } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore, seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { FieldPattern, SegmentPattern } from '../language/segment-pattern.js';
import { type AwaitStep, awaitedBy, awaits } from './awaited.js';
import { compose, usualWindow } from './compose.js';
import { attempt, concerns, peerKeys, take } from './expectation.js';
import { type Flow, sent } from './flow.js';
import { keepFlow } from './flows.js';
import { wholeDsn } from './right-checksum.js';
import { versionOf } from './scope.js';
import { acknowledgedOn, act, stepTitle, type Work } from './state.js';
import { tell } from './tell.js';

/** How long the tester waits for the rest, nanoseconds. */
const patience = 50_000_000n;

/** Octets came, and more are expected. */
export const awaitRest = (work: Work): void => act(work, { action: 'arm', timer: 'part', at: work.now.at + patience });

/** No more came: acknowledges the received octets. */
export function acknowledgeParts(work: Work): void {
  const [step] = work.remaining;
  if (step === undefined || !awaits(step)) return;
  for (const held of work.held) {
    const flow = held.flow === undefined ? undefined : work.flows.get(held.flow);
    if (flow === undefined || held.tcp.seq !== flow.expected || withholds(flow, held.tcp)) continue;
    const part = awaitedBy(work, step)
      .filter((awaited) => concerns(work, awaited, held))
      .map((awaited) => attempt(work, awaited, held))
      .find(({ isBeginning, parts }) => isBeginning && parts.every((each) => each.flow === held.flow));
    if (part === undefined) continue;
    const expected = seqAdd(held.tcp.seq, part.whole.payload.length);
    const dataAck = part.whole.options.flatMap((each) => firstDsn(each, versionOf(work.plan), peerKeys(work)) ?? [])[0];
    const window = dataAck === undefined ? windowLeft(flow, expected) : flow.told?.window;
    const place = { ...flow, expected, next: nextOf(work, flow) };
    const composed = compose(work.plan, place, ackOf(dataAck, window), work.bindings, work.now.at);
    keepFlow(work, { ...sent(flow, composed), wasCut: flow.wasCut, partAcked: part.whole });
    for (const frame of composed.frames) {
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

/**
 * If the case ends because octets are missing, the part that came is not unexpected: its rest waits for an
 * acknowledgment.
 */
export function takeBeginnings(work: Work, step: AwaitStep): void {
  for (const held of work.held) {
    const begun = awaitedBy(work, step)
      .filter((awaited) => work.held.includes(held) && concerns(work, awaited, held))
      .map((awaited) => attempt(work, awaited, held))
      .find(({ isBeginning }) => isBeginning);
    if (begun !== undefined) take(work, begun);
  }
}

/**
 * Octets that a case sent with numbers of its own moved the peer and not the flow: an ACK has the number after the octets
 * that the peer accepted.
 */
function nextOf(work: Work, flow: Flow): Seq {
  const acknowledged = acknowledgedOn(work, flow);
  return acknowledged !== undefined && seqBefore(flow.next, acknowledged) ? acknowledged : flow.next;
}

/** The case has not acknowledged earlier octets, on purpose. */
const withholds = ({ told }: Flow, { seq }: Tcp): boolean => told === undefined || seqDiff(told.ack, seq) < 0;

/**
 * The window with the right edge that the case has set, as exactly as its field permits; the default window has no fixed
 * edge.
 */
function windowLeft({ told, scale = 0, seen }: Flow, ack: Seq): number | undefined {
  if (told === undefined || told.window >= usualWindow) return undefined;
  const isScaled = seen.some(({ options }) => options.some(({ option }) => option === 'window_scale'));
  return Math.max(told.window - (seqDiff(ack, told.ack) >> (isScaled ? scale : 0)), 0);
}

/** With the previous Data ACK, if the octets have a finite mapping. */
const ackOf = (dataAck: bigint | undefined, window: number | undefined): SegmentPattern => ({
  segment: 'ACK',
  fields: window === undefined ? {} : { window: literal(BigInt(window)) },
  options:
    dataAck === undefined ? [] : [{ name: 'dss', pattern: { presence: 'present', fields: { ack: literal(dataAck) } } }],
  rawOptions: [],
  rawBefore: [],
  mptcpAbsent: false,
});

const literal = (value: bigint): FieldPattern => ({
  is: 'value',
  value: { op: 'literal', value: BigInt.asUintN(64, value) },
  text: `${value}`,
});

/** The data sequence number, in 64 bits, at which the octets of a mapping begin. */
function firstDsn(option: TcpOption, version: MptcpVersion, keys: readonly bigint[]): bigint | undefined {
  if (option.option === 'mp_capable' && option.key !== undefined && option.dataLength !== undefined)
    return initialDsn(version, option.key) + 1n;
  if (option.option !== 'dss' || option.dsn === undefined || option.dataLength === 0) return undefined;
  return (option.flags & DssFlag.m) === 0 ? wholeDsn(version, option.dsn, keys) : option.dsn;
}
