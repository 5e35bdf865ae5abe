/**
 * Compares segments of the implementation with the expectations of a step: taken, ignored by a named rule, or unexpected.
 */

import type { Tcp } from '../../protocol/wire/packet.js';
import { seqDiff } from '../../protocol/wire/seq.js';
import { durationText } from '../language/duration.js';
import { type IgnoreRule, rulesToAskFor } from '../language/ignore-rules.js';
import type { SegmentPattern } from '../language/segment-pattern.js';
import type { Window } from '../language/step.js';
import type { RankedVerdict } from '../verdict/verdict.js';
import { assemble, endOf, joined, mappedBefore } from './assembly.js';
import type { Awaited } from './awaited.js';
import { copied } from './copies.js';
import { type Cut, cutAt } from './cut-received.js';
import { type Flow, received, segmentLength } from './flow.js';
import { flowFromClient, keepFlow } from './flows.js';
import { isSameKind, opensJoin, ruleFor } from './ignore.js';
import type { Sender } from './mapped.js';
import { isSegment, type Match, match } from './match.js';
import { awaitRest } from './own-ack.js';
import { versionOf } from './scope.js';
import { segmentNameOf } from './segment-name.js';
import { type Held, type Moment, record, remark, stepTitle, type Work, withEntry } from './state.js';
import { tell } from './tell.js';

/** An expectation compared with a segment, and with the following ones if its octets came in several. */
export interface Attempt extends Match {
  readonly awaited: Awaited;
  readonly parts: readonly Held[];
  /** The segment that the parts form together. */
  readonly whole: Tcp;
  /** Of the last part only the first octets are expected. */
  readonly cut?: Cut;
  /** Nothing is wrong so far, but octets are missing. */
  readonly isBeginning: boolean;
  /** So it is, and its first octets are there. */
  readonly isStart: boolean;
  /** Octets that are still missing of those awaited. */
  readonly missing: number;
}

const drop = (work: Work, held: Held): void => {
  work.held = work.held.filter((other) => other !== held);
};

/** Whether the expectation is about the flow of this segment, or about a new flow that the segment may open. */
export function concerns(work: Work, { on }: Awaited, held: Held): boolean {
  if (held.flow !== undefined) return on.name === held.flow;
  return !work.flows.has(on.name) && on.path === held.path && work.plan.case.role === 'client';
}

/** Those that the peer named on any flow. */
export const peerKeys = ({ flows }: Work): readonly bigint[] =>
  [...flows.values()].flatMap(({ peerKey }) => peerKey ?? []);

/**
 * Compares a segment with an expectation without taking it. Octets that the tester acknowledged of its own accord need
 * not be repeated: they count as received.
 */
export function attempt(work: Work, awaited: Awaited, held: Held): Attempt {
  const flow = work.flows.get(awaited.on.name) ?? flowFromClient(work.plan, awaited.on, held.packet);
  const plain = attemptFrom(work, awaited, held, flow, held.tcp);
  if (isPromising(plain)) return plain;
  const other = [resumed, continued].flatMap((from) => {
    const start = from(flow, held.tcp, senderOf(work));
    return start === undefined ? [] : attemptFrom(work, awaited, held, flow, start);
  });
  return other.find(isPromising) ?? plain;
}

const isPromising = ({ differences, isBeginning }: Attempt): boolean => differences.length === 0 || isBeginning;

const senderOf = (work: Work): Sender => ({ version: versionOf(work.plan), keys: peerKeys(work) });

/** With the octets before it that the tester acknowledged of its own accord. */
const resumed = ({ partAcked }: Flow, tcp: Tcp, sender: Sender): Tcp | undefined =>
  partAcked === undefined || tcp.seq !== endOf(partAcked) ? undefined : joined(partAcked, tcp, sender);

/** What is new of a segment that begins with octets which were taken before: what is sent again may go on (RFC 9293 section 3.8.1). */
function continued({ expected }: Flow, tcp: Tcp, sender: Sender): Tcp | undefined {
  if (expected === undefined || !isSegment(tcp, 'DATA')) return undefined;
  const taken = seqDiff(expected, tcp.seq);
  const length = segmentLength(tcp.flags, tcp.payload.length);
  return taken > 0 && taken < length ? cutAt(tcp, taken, sender).rest : undefined;
}

function attemptFrom(work: Work, awaited: Awaited, held: Held, flow: Flow, start: Tcp): Attempt {
  const sender = senderOf(work);
  const { keys } = sender;
  const { parts, tcp: whole, cut, missing } = assemble(held, work.held, awaited.segment, sender, awaited.among, start);
  const tcp = mappedBefore(whole, flow, sender);
  const matched = match(work.plan, flow, awaited.segment, tcp, work.bindings, {
    peerKeys: keys,
    toldDataAck: () => toldDataAck(work, held),
  });
  const isBeginning =
    missing > 0 && matched.differences.every(({ field }) => growsIn(flow, field)) && isPrefix(awaited.segment, tcp);
  // A retransmission may be cut otherwise: its first octets suffice (RFC 9293 section 3.8.1).
  if (isBeginning && isRepetition(flow, tcp))
    return { awaited, parts, whole, isBeginning: false, isStart: false, missing, ...matched, differences: [] };
  // Of what may part over several flows a later part may come first.
  const isPart =
    missing > 0 && awaited.among.length > 1 && matched.differences.every(({ field }) => differsInParts(field));
  const found = {
    awaited,
    parts,
    whole,
    isStart: isBeginning,
    isBeginning: isBeginning || isPart,
    missing,
    ...matched,
  };
  return cut === undefined ? found : { ...found, cut };
}

const differsInParts = (field: string): boolean => growsWithOctets(field) || /^dss\.(dsn|ssn)$/.test(field);

/** The latest Data ACK before a segment, on its flow or, if there is none, on any. */
function toldDataAck(work: Work, { flow, entry }: Held): bigint | undefined {
  const waiting = (name: string) => work.held.filter((other) => other.flow === name && other.entry < entry);
  const toldOn = ({ name, seen }: Flow): bigint | undefined =>
    [...seen, ...waiting(name).map(({ tcp }) => tcp)].flatMap(dataAckOf).at(-1);
  const flows = [...work.flows.values()];
  const own = flows.filter(({ name }) => name === flow).map(toldOn);
  const others = flows.filter(({ name }) => name !== flow).map(toldOn);
  return [...own, ...others].find((told) => told !== undefined);
}

const dataAckOf = ({ options }: Tcp): readonly bigint[] =>
  options.flatMap((option) => (option.option === 'dss' && option.ack !== undefined ? [option.ack] : []));

/** Octets that were taken before. */
const isRepetition = ({ expected }: Flow, { seq }: Tcp): boolean =>
  expected !== undefined && seqDiff(seq, expected) < 0;

/** Differences that disappear when the rest of the octets has come. */
const growsWithOctets = (field: string): boolean => field === 'payload' || /\.(data_length|checksum)$/.test(field);

/** If the tester's segment was cut, the first octets may come before all pieces were acknowledged. */
const growsIn = ({ wasCut }: Flow, field: string): boolean =>
  growsWithOctets(field) || (wasCut && /^(dss\.)?ack$/.test(field));

const isPrefix = ({ payload }: SegmentPattern, tcp: Tcp): boolean =>
  payload?.is !== 'octets' || Buffer.compare(payload.octets.subarray(0, tcp.payload.length), tcp.payload) === 0;

/** Takes what came for what is awaited: the flow moves on, new names are bound, and so is the flow where any could answer. */
export function take(work: Work, { awaited: { on, as }, bindings, parts, cut }: Attempt): void {
  work.bindings = bindings;
  if (as !== undefined) work.found = withEntry(work.found, as, on);
  for (const held of parts) {
    const flow = work.flows.get(held.flow ?? on.name) ?? flowFromClient(work.plan, on, held.packet);
    const isCut = cut !== undefined && held === parts.at(-1);
    const tcp = isCut ? cut.head : held.tcp;
    const moved = received(flow, tcp);
    // A case acknowledges on the flow by which the first part came.
    keepFlow(work, held.flow === parts[0]?.flow ? moved : copied(moved, tcp));
    if (isCut) leaveRest(work, held, cut.rest);
    else drop(work, held);
    adoptFlow(work, flow.name, held);
    const text = (): string => tell(held.packet, flow.name);
    remark(work, held.entry, { step: stepTitle(work), taken: 'matched', flow: flow.name, text });
  }
}

/** The octets beyond those expected wait for the steps to come. */
function leaveRest(work: Work, held: Held, tcp: Tcp): void {
  const rest = { ...held, tcp, packet: { ...held.packet, tcp } };
  work.held = work.held.map((other) => (other === held ? rest : other));
}

/** Segments that came after the one that opened a flow belong to it from now on. */
function adoptFlow(work: Work, name: string, opener: Held): void {
  if (opener.flow !== undefined) return;
  const { ip, tcp } = opener.packet;
  work.held = work.held.map((held) =>
    held.flow === undefined && held.tcp.sourcePort === tcp.sourcePort && held.packet.ip.source === ip.source
      ? { ...held, flow: name }
      : held,
  );
}

/** Ignores a segment by the first rule that applies; undefined if none does. */
export function passOver(work: Work, held: Held, usual: readonly IgnoreRule[]): IgnoreRule | undefined {
  const flow = held.flow === undefined ? undefined : work.flows.get(held.flow);
  if (flow === undefined)
    return passOverRepeatedSyn(work, held) ?? (usual.includes('join') ? passOverJoin(work, held) : undefined);
  const own = rulesToAskFor.filter((rule) => work.plan.case.ignore.includes(rule));
  const rule = ruleFor(flow, held.tcp, [...usual, ...own], [...work.flows.values()]);
  if (rule === undefined) return undefined;
  keepFlow(work, rule === 'copy' ? copied(received(flow, held.tcp), held.tcp) : received(flow, held.tcp));
  if (rule === 'copy') awaitRest(work);
  drop(work, held);
  remark(work, held.entry, { step: stepTitle(work), taken: 'ignored', rule, text: () => tell(held.packet, flow.name) });
  return rule;
}

/** Whether one came before the other on the same flow, which no step named yet. */
const isOfOneFlow = (one: Held, later: Held): boolean =>
  one.entry < later.entry &&
  one.tcp.sourcePort === later.tcp.sourcePort &&
  one.packet.ip.source === later.packet.ip.source;

/** A SYN may be repeated before a step names its flow: the first one stands for all. */
function passOverRepeatedSyn(work: Work, held: Held): IgnoreRule | undefined {
  const first = work.held.find(
    (other) =>
      isOfOneFlow(other, held) && other.tcp.seq === held.tcp.seq && isSameKind(other.tcp.flags, held.tcp.flags),
  );
  if (first === undefined) return undefined;
  drop(work, held);
  const note = { step: stepTitle(work), taken: 'ignored', rule: 'retransmission', text: tell(held.packet) } as const;
  remark(work, held.entry, note);
  return 'retransmission';
}

/**
 * A join of the implementation's own accord stays held: a later step may take it, otherwise the closing refuses it. Its
 * reset by the implementation stays held as well.
 */
function passOverJoin(work: Work, held: Held): IgnoreRule | undefined {
  const givesUp =
    isSegment(held.tcp, 'RST') && work.held.some((other) => opensJoin(other.tcp) && isOfOneFlow(other, held));
  if (!opensJoin(held.tcp) && !givesUp) return undefined;
  remark(work, held.entry, { step: stepTitle(work), taken: 'ignored', rule: 'join', text: tell(held.packet) });
  return 'join';
}

/** Records that a segment is not the one expected; of several expectations the nearest explains. */
export function mismatch(
  work: Work,
  attempts: readonly Attempt[],
  held: Held,
  { verdict, ...choice }: { readonly verdict: RankedVerdict; readonly right?: readonly string[] },
): void {
  const [nearest] = [...attempts].sort((a, b) => distance(a) - distance(b));
  if (nearest === undefined) return;
  const wanted = nearest.awaited.segment.segment;
  const [first] = nearest.differences;
  const field = first === undefined || first.field === 'segment' ? '' : `.${first.field}`;
  const on = nearest.awaited.on.name;
  const name = segmentNameOf(held.tcp);
  const whole = tell(held.packet);
  const detail = nearest.differences.map((d) => `${d.field} expected ${d.expected}, got ${d.got}`).join('; ');
  drop(work, held);
  remark(work, held.entry, { step: stepTitle(work), taken: 'mismatched', flow: on, text: tell(held.packet, on) });
  record(work, {
    facet: 'conformance',
    verdict,
    class: 'mismatch',
    subject: `${wanted}${field}`.replaceAll('/', '-'),
    sentence:
      first?.field === 'segment'
        ? `Expected ${wanted} on ${on}, got ${tell(held.packet, on)}.`
        : `Wrong ${name} on ${on}: ${detail}${whole === name ? '' : ` (${whole})`}.`,
    observation: held.entry,
    differences: nearest.differences,
    ...choice,
  });
}

/** A segment of another kind differs more than any number of fields. */
const distance = ({ differences }: Attempt): number =>
  differences.length + (differences.some((d) => d.field === 'segment') ? 1000 : 0);

/** Fails the case for an unexpected segment. */
export function unexpected(work: Work, held: Held, when: string): void {
  const text = tell(held.packet, held.flow ?? `a new flow of path ${held.path}`);
  remark(work, held.entry, { step: stepTitle(work), taken: 'unexpected', text });
  record(work, {
    facet: 'conformance',
    verdict: 'fail',
    class: 'unexpected',
    subject: segmentNameOf(held.tcp).replaceAll('/', '-'),
    sentence: `Nothing was expected ${when}, but ${text} came.`,
    observation: held.entry,
  });
}

/** Enough digits to distinguish a value just outside a bound from the bound. */
const exactly = (time: bigint): string => durationText(time, 7);

/** The error of the time; empty if the clock is exact. */
const uncertainty = (earlier: bigint, later: bigint): string =>
  earlier === 0n && later === 0n ? '' : ` (-${durationText(earlier)} +${durationText(later)})`;

/**
 * Judges when a segment came. Both ends of the interval may be late by their error, and the tester's segment may have
 * been sent late by the case's lag, so the true interval is in [measured - error of the end - lag, measured + error of
 * the start]: inside the window passes, outside fails, and an interval across a bound is inconclusive.
 */
export function judgeTime(work: Work, window: Window, held: Held): void {
  if (window.after === undefined && window.within === undefined) return;
  const from = startOf(work, window);
  const measured = held.at - from.at;
  const earlier = held.error + work.lag;
  const shortest = measured - earlier;
  const longest = measured + from.error;
  const { after: least, within: most } = window;
  const certain = (least === undefined || shortest >= least) && (most === undefined || longest <= most);
  if (certain) return;
  const outside = (least !== undefined && longest < least) || (most !== undefined && shortest > most);
  const bounds =
    most === undefined ? `at least ${exactly(least ?? 0n)}` : `${exactly(least ?? 0n)} to ${exactly(most)}`;
  record(work, {
    facet: 'timing',
    verdict: outside ? 'fail' : 'inconclusive',
    class: 'timing',
    subject: segmentNameOf(held.tcp).replaceAll('/', '-'),
    sentence: `${tell(held.packet, held.flow)} came after ${exactly(measured)}${uncertainty(earlier, from.error)}, allowed is ${bounds}.`,
    observation: held.entry,
  });
}

/** The start of a window: that of the labelled step it names, or of the current step. */
export const startOf = (work: Work, window: Window): Moment =>
  (window.since === undefined ? undefined : work.moments.get(window.since)) ?? work.began;
