/**
 * Retransmissions of a host (RFC 9293 section 3.8.1, RFC 6298): the same octets, none that were acknowledged, and not
 * before its timer. Only a reader that is the peer can judge this.
 */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { noteLoss } from './congestion.js';
import { StreamTail } from './conversation/stream-tail.js';
import { mayAgreeOn, relative } from './conversation/subflow.js';
import { spaceOf, type TcpSide, type Transmission } from './conversation/tcp-side.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const retransmissionRules = {
  sameContent: {
    name: 'retransmission-unchanged',
    requirement: 'RFC9293-3.8.1-02',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'A retransmission has the same octets at the same sequence numbers.',
    needs: 'the earlier segment',
  },
  settled: {
    name: 'acknowledged-data-not-sent-again',
    requirement: 'RFC9293-3.8.1-02',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'A segment of which every octet was acknowledged is not sent again.',
    needs: 'every segment of the peer, and its time',
  },
  oldestFirst: {
    name: 'oldest-sent-again-first',
    requirement: 'RFC9293-3.8.1-02',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'The oldest unacknowledged segment is sent again before any later one.',
    needs: 'every segment of a flow without SACK',
  },
  notSooner: {
    name: 'no-repetition-without-timer-or-duplicate-acks',
    requirement: 'RFC6298-5-03',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'The oldest outstanding octets are sent again when the timer expires, or after duplicate acknowledgments, which carry no data.',
    needs: 'every segment of a flow without SACK, and its time',
  },
  backsOff: {
    name: 'retransmission-backs-off',
    requirement: 'RFC6298-5-02',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'Each time that the timer expires without an answer, the next timeout is twice as long.',
    needs: 'every segment of the flow, and its time',
  },
  staysBackedOff: {
    name: 'timeout-stays-until-a-round-trip-is-measured',
    requirement: 'RFC6298-5-03',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'A timeout that has grown stays until new data gives a round trip: after retransmitted data the next timeout is still twice the one before.',
    needs: 'every segment of a flow without timestamps and SACK, and its time',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/**
 * The second wait between retransmissions must be twice the first; a factor of 1.5 leaves room for clocks and for the
 * time under way. Waits below `leastWait` may come from fast retransmission or a tail probe, which have rules of their
 * own; above `longestWait` a host may stop the growth (RFC 6298 section 2.5). Nanoseconds.
 */
const leastWait = 190_000_000n;
const tick = 500_000_000n;
const mostWait = 29_000_000_000n;
/**
 * The longest time in which an acknowledgment reaches a host and is read, while a retransmission is under way.
 * Nanoseconds.
 */
const crossing = 150_000_000n;
/**
 * A retransmission that comes sooner is a reaction to a segment, not to the timer. A least timeout of a second is only a
 * recommendation (RFC 6298 section 2.4). Nanoseconds.
 */
const shortestTimeout = 45_000_000n;

export function judgeRepetition(sight: Sight, mine: TcpSide, theirs: TcpSide): void {
  const { segment, subflow } = sight;
  const { tcp, at } = segment;
  const place = relative(subflow[segment.sender], tcp.seq);
  const isSyn = (tcp.flags & TcpFlag.SYN) !== 0;
  const isSynAck = isSyn && segment.sender === 'listener';
  if (place === undefined || (spaceOf(tcp) === 0 && !isSynAck) || (isSyn && tcp.payloadLength === 0 && !isSynAck))
    return;
  if (!isSyn && place < mine.end) judgeSettled(sight, theirs, place);
  const key = `${place}+${tcp.payloadLength}`;
  const known = mine.sent.get(key);
  if (known === undefined) {
    judgeOtherCut(sight, mine, place);
    mine.sent.set(key, {
      place,
      end: place + spaceOf(tcp),
      sum: tcp.payloadSum,
      frame: segment.frame,
      times: [at],
      heard: theirs.segments,
      bareAcks: theirs.bareAcks,
      isRepeated: false,
      backedOff: place === theirs.acknowledged && !isSyn ? mine.backedOff : undefined,
    });
    return;
  }
  known.isRepeated = true;
  judge(
    sight,
    retransmissionRules.sameContent,
    tcp.payload.length === 0 || sameSum(known.sum, tcp.payloadSum),
    () => `other data than before, ${countOctets(tcp.payloadLength)}, at ${place}`,
    [known.frame],
  );
  if (place === theirs.acknowledged && tcp.payloadLength > 1) judgeReason(sight, theirs, known);
  if (place > theirs.acknowledged && tcp.payloadLength > 1) judgeOrder(sight, mine, theirs);
  noteLoss(sight, mine, theirs, known);
  judgeWait(sight, mine, theirs, known);
}

/** Octets that were sent before in other pieces. */
function judgeOtherCut(sight: Sight, mine: TcpSide, place: number): void {
  const { tcp } = sight.segment;
  if (tcp.payloadLength === 0) return;
  mine.tail ??= new StreamTail();
  if (place < mine.end)
    judge(
      sight,
      retransmissionRules.sameContent,
      mine.tail.agrees(place, tcp.payload),
      () => `some of the ${tcp.payloadLength} octets at ${place} are others than before`,
    );
  mine.tail.add(place, tcp.payload);
}

/** Since then only segments with data came, and the time was too short for a timer. */
function judgeReason(sight: Sight, theirs: TcpSide, known: Transmission): void {
  if (theirs.segments === known.heard || mayAgreeOn(sight.subflow, 'sackPermitted')) return;
  const wait = sight.segment.at - (known.times.at(-1) ?? 0n);
  judge(
    sight,
    retransmissionRules.notSooner,
    wait >= shortestTimeout || theirs.bareAcks > known.bareAcks,
    () => `the segment of ${countOctets(sight.segment.tcp.payloadLength)} comes again after ${milliseconds(wait)}`,
    [known.frame],
  );
}

/**
 * The repeated octets are after the oldest outstanding octet, which must have been repeated before. A SYN/ACK need not
 * be: with RobE_eSIM the third segment may come on another flow (draft section 3.1.1).
 */
function judgeOrder(sight: Sight, mine: TcpSide, { acknowledged }: TcpSide): void {
  if (mayAgreeOn(sight.subflow, 'sackPermitted')) return;
  const oldest = [...mine.sent.values()].filter(
    ({ place, end }) => place > 0 && place <= acknowledged && acknowledged < end,
  );
  const [first] = oldest;
  if (first === undefined) return;
  judge(
    sight,
    retransmissionRules.oldestFirst,
    // Octets that were cut otherwise are stored twice.
    first.isRepeated || oldest.length > 1,
    () =>
      `the segment of ${countOctets(sight.segment.tcp.payloadLength)} comes again before the one at ${acknowledged}`,
    [first.frame],
  );
}

/** A keepalive and a probe of a closed window may repeat one octet (RFC 9293 sections 3.8.4 and 3.8.6.1). */
function judgeSettled(sight: Sight, { settled }: TcpSide, place: number): void {
  const { tcp, at } = sight.segment;
  if (settled === undefined || tcp.payloadLength === 1) return;
  judge(
    sight,
    retransmissionRules.settled,
    place + spaceOf(tcp) > settled.upTo || at - settled.at < crossing,
    () =>
      `the segment of ${countOctets(tcp.payloadLength)} at ${place} comes again, though all before ${settled.upTo} were acknowledged`,
    [settled.frame],
  );
}

function judgeWait(sight: Sight, mine: TcpSide, theirs: TcpSide, known: Transmission): void {
  const { tcp, at } = sight.segment;
  const [before, last] = known.times.slice(-2);
  const isUnheard = known.heard === theirs.segments;
  if (before !== undefined && last !== undefined && isUnheard) {
    const [first, second] = [last - before, at - last];
    if (first >= leastWait && first <= mostWait)
      judge(
        sight,
        retransmissionRules.backsOff,
        2n * second >= 3n * first || isOffByATick(first, second),
        () => `the waits are ${milliseconds(first)} and then ${milliseconds(second)}`,
        [known.frame],
      );
  }
  const wait = at - (known.times.at(-1) ?? at);
  const isProbe = known.end > (theirs.latestEdge ?? known.end);
  if (isUnheard && wait >= leastWait && (tcp.flags & TcpFlag.SYN) === 0 && !isProbe) {
    if (known.times.length === 1) judgeBackedOff(sight, known, wait);
    mine.backedOff = wait;
  }
  // An answer in between may have caused the retransmission, so the count begins anew.
  if (!isUnheard) known.times.length = 0;
  known.times.push(at);
  known.heard = theirs.segments;
  known.bareAcks = theirs.bareAcks;
}

/**
 * The first repetition of data that was sent alone, after a retransmission of other data: no round trip was measured
 * since.
 */
function judgeBackedOff(sight: Sight, { backedOff, frame }: Transmission, wait: bigint): void {
  if (backedOff === undefined || backedOff > mostWait) return;
  if (mayAgreeOn(sight.subflow, 'timestamps') || mayAgreeOn(sight.subflow, 'sackPermitted')) return;
  judge(
    sight,
    retransmissionRules.staysBackedOff,
    2n * wait >= 3n * backedOff || isOffByATick(backedOff, wait),
    () => `the last wait was ${milliseconds(backedOff)}, that for new data is ${milliseconds(wait)}`,
    [frame],
  );
}

/**
 * `mine` acknowledges all octets before `upTo`. They give `theirs` a round trip, unless they were sent again, and need
 * not be sent again. Segments that the other end may not have accepted prove nothing.
 */
export function noteAcknowledgment(sight: Sight, mine: TcpSide, theirs: TcpSide, upTo: number): void {
  const { segment, subflow } = sight;
  const { tcp, at, frame, sender } = segment;
  const known = mine.settled?.upTo ?? 1;
  if (upTo <= known || upTo > theirs.end || tcp.checksumState === 'invalid') return;
  const isTaken = relative(subflow[sender], tcp.seq) === theirs.acknowledged && !mayAgreeOn(subflow, 'timestamps');
  const covered = [...theirs.sent.values()].filter(({ end }) => end > known && end <= upTo);
  if (!isTaken || covered.some(({ isRepeated }) => !isRepeated)) theirs.backedOff = undefined;
  if (isTaken) mine.settled = { upTo, at, frame };
}

/** Whether these waits are a timeout and its double by a clock that ticks every half second: each wait ends at a tick. */
const isOffByATick = (first: bigint, second: bigint): boolean => first >= 2n * tick && second > 2n * (first - tick);

const milliseconds = (nanoseconds: bigint): string => `${Number(nanoseconds / 10_000n) / 100} ms`;

/** Whether two partial sums give the same checksum. */
const sameSum = (a: number, b: number): boolean => (a - b) % 0xffff === 0;
