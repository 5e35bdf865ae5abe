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
import type { Tcp } from '../../protocol/wire/packet.js';
import { type Seq, seqBefore, seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { endOf } from './assembly.js';
import { type AwaitStep, awaitedBy, awaits } from './awaited.js';
import { usualWindow } from './compose.js';
import { acknowledgeCopies } from './copies.js';
import { type Attempt, attempt, concerns, peerKeys, take } from './expectation.js';
import type { Flow } from './flow.js';
import { acknowledge, ackOf, patienceOf } from './own-ack.js';
import { arm } from './progress.js';
import { wholeDsn } from './right-checksum.js';
import { versionOf } from './scope.js';
import type { Work } from './state.js';

/** No more came: acknowledges the received octets. */
export function acknowledgeParts(work: Work): void {
  acknowledgeCopies(work);
  const [step] = work.remaining;
  if (step === undefined || !awaits(step)) return;
  const waited = patienceOf(work);
  const acknowledged = new Set<string>();
  let isTimeGiven = false;
  for (const held of work.held) {
    if (held.flow !== undefined && acknowledged.has(held.flow)) continue;
    const part = awaitedBy(work, step)
      .filter((awaited) => concerns(work, awaited, held))
      .map((awaited) => attempt(work, awaited, held))
      .find(({ isStart }) => isStart);
    if (part === undefined) continue;
    const names = new Set(part.parts.flatMap(({ flow }) => flow ?? []));
    for (const name of names) {
      const before = work.flows.get(name)?.acknowledged;
      if (!acknowledgePart(work, part, name)) continue;
      acknowledged.add(name);
      if (before === undefined || octetsSince(work, name, before) >= leastOctets) isTimeGiven = true;
    }
    const start = startOf(work, part.whole);
    if (start !== undefined)
      acknowledgeCopies(work, { dataAck: start, end: start + BigInt(part.whole.payload.length) });
  }
  // What the tester waited before it acknowledged was not the peer's time.
  if (isTimeGiven && work.deadline !== undefined) arm(work, work.deadline + waited);
}

/** Who sends fewer octets at a time has misread a window, and no time is given for it (RFC 9293 section 3.8.6.2.1). */
const leastOctets = 3;

const octetsSince = ({ flows }: Work, name: string, before: Seq): number =>
  seqDiff(flows.get(name)?.acknowledged ?? before, before);

/** Where a segment begins in the data sequence. */
const startOf = (work: Work, { options }: Tcp): bigint | undefined =>
  options.flatMap((each) => firstDsn(each, versionOf(work.plan), peerKeys(work)) ?? [])[0];

/** Acknowledges what is there of a part on one of its flows; false where nothing is to be acknowledged. */
function acknowledgePart(work: Work, { parts, whole, missing }: Attempt, name: string): boolean {
  const flow = work.flows.get(name);
  const own = parts.filter((each) => each.flow === name);
  const [first] = own;
  const last = own.at(-1);
  if (flow === undefined || first === undefined || last === undefined) return false;
  if (first.tcp.seq !== flow.expected || withholds(flow, first.tcp)) return false;
  const expected = endOf(last.tcp);
  const start = startOf(work, whole);
  const window = windowLeft(flow, expected, missing);
  // A window that the case has set ends in both sequences where it was.
  const dataAck = start !== undefined && window !== undefined ? start + BigInt(whole.payload.length) : start;
  const alone = parts.length === own.length;
  const peerTimestamp = timestampOf(last.tcp) ?? flow.peerTimestamp;
  acknowledge(work, { ...flow, expected, peerTimestamp }, ackOf(dataAck, window), alone ? { partAcked: whole } : {});
  return true;
}

function timestampOf({ options }: Tcp): number | undefined {
  const timestamps = options.find(({ option }) => option === 'timestamps');
  return timestamps?.option === 'timestamps' ? timestamps.value : undefined;
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

/** The case has not acknowledged what came before, and that is its affair. */
const withholds = ({ acknowledged }: Flow, { seq }: Tcp): boolean =>
  acknowledged === undefined || seqBefore(acknowledged, seq);

/** The window whose right edge is where the case put it, as exactly as its field can tell; the usual window knows no edge. */
function windowLeft({ told, scale = 0, seen }: Flow, ack: Seq, missing: number): number | undefined {
  if (told === undefined || told.window >= usualWindow) return undefined;
  const isScaled = seen.some(({ options }) => options.some(({ option }) => option === 'window_scale'));
  const unit = 2 ** (isScaled ? scale : 0);
  const acknowledged = seqDiff(ack, told.ack);
  const exact = told.window - acknowledged / unit;
  // Where the field cannot tell the edge, it tells less, unless what is awaited ends before it.
  const reachesEdge = acknowledged + missing >= told.window * unit;
  return Math.max(reachesEdge ? Math.floor(exact) : Math.ceil(exact), 0);
}

/** Where the octets beside a mapping begin in the data sequence, all 64 bits of it. */
function firstDsn(option: TcpOption, version: MptcpVersion, keys: readonly bigint[]): bigint | undefined {
  if (option.option === 'mp_capable' && option.key !== undefined && option.dataLength !== undefined)
    return initialDsn(version, option.key) + 1n;
  if (option.option !== 'dss' || option.dsn === undefined || option.dataLength === 0) return undefined;
  return (option.flags & DssFlag.m) === 0 ? wholeDsn(version, option.dsn, keys) : option.dsn;
}
