/**
 * How much a host has under way (RFC 9293 section 3.8.2, RFC 5681 section 3). The bound is one that both Standards Track
 * algorithms keep, that of RFC 5681 and CUBIC (RFC 9438):
 *
 * | event                     | the most under way                                                                    |
 * |---------------------------|---------------------------------------------------------------------------------------|
 * | nothing acknowledged yet  | ten segments (RFC 6928 section 2)                                                     |
 * | segments acknowledged     | as many more                                                                          |
 * | three duplicate ACKs      | three quarters of it, two segments at least (RFC 5681 halves it, CUBIC keeps 0.7)     |
 * | acknowledged after a loss | a segment more for each window (RFC 5681 equation 3), or the curve of RFC 9438 (fig. 1) |
 *
 * Two more segments may be sent after two duplicate ACKs (RFC 3042), and one more because of rounding. While a loss is
 * being repaired nothing is
 * judged: each duplicate ACK then lets a segment out. With timestamps or SACK, and after its timer has fired (RFC 5682),
 * a host may detect that nothing was lost, and restore its window. Only a reader that is the peer can judge this.
 */
import { type End, otherEnd } from './conversation/segment.js';
import { mayAgreeOn, relative, type Subflow } from './conversation/subflow.js';
import type { Congestion, TcpSide, Transmission } from './conversation/tcp-side.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const congestionRules = {
  flight: {
    name: 'flight-within-the-congestion-window',
    requirement: 'RFC9293-3.8.2-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'At first at most ten segments are under way, then more by the number that is acknowledged.',
    needs: 'every segment of a flow without timestamps and SACK',
  },
  /** Other algorithms may be in use (RFC 9293 section 3.8.2, MAY-18), and no packet names the algorithm. */
  afterLoss: {
    name: 'flight-after-a-loss',
    requirement: 'RFC9293-3.8.2-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    declared: { point: 'tcp.congestion', binds: ['standard'], leavesOpen: ['any'] },
    says: 'After a loss at most three quarters of the octets allowed before may be under way, and about one segment more in each round trip.',
    needs: 'every segment of a flow without timestamps and SACK',
  },
} as const satisfies Readonly<Record<string, Rule>>;

const initialSegments = 10;
const leastSegments = 2;
const limitedTransmit = 2;
/** RFC 5681 section 3.2. */
const duplicateThreshold = 3;
/** A retransmission that comes sooner is a reaction to a segment, not to a timer (retransmission.ts). Nanoseconds. */
const shortestTimeout = 45_000_000n;
/**
 * The part of a window that is kept after a loss, and the constant C of RFC 9438 section 4.1, in segments per cubic
 * second.
 */
const kept = 0.75;
const cubic = 0.4;

/** Used if the peer gave no MSS (RFC 9293 section 3.7.1, MUST-15). */
const defaultMss = { 4: 536, 6: 1220 } as const;

/** The MSS that an end gave, or the default. */
export const mssOf = (subflow: Subflow, end: End): number =>
  subflow[end].offer?.mss ?? defaultMss[subflow.opener.address.includes(':') ? 6 : 4];

const congestionOf = (side: TcpSide, mss: number): Congestion => {
  side.congestion ??= { window: initialSegments * mss, loss: undefined, recovers: false, bareAcks: 0 };
  return side.congestion;
};

/** A segment with payload of `mine`. */
export function judgeFlight(sight: Sight, mine: TcpSide, theirs: TcpSide): void {
  const { segment, subflow } = sight;
  const at = relative(subflow[segment.sender], segment.tcp.seq);
  if (at === undefined || subflow[otherEnd(segment.sender)].offer === undefined) return;
  const end = at + segment.tcp.payloadLength;
  if (end <= mine.end || mayAgreeOn(subflow, 'timestamps') || mayAgreeOn(subflow, 'sackPermitted')) return;
  const mss = mssOf(subflow, otherEnd(segment.sender));
  const congestion = congestionOf(mine, mss);
  if (congestion.recovers) return;
  const duplicates = Math.min(theirs.bareAcks - congestion.bareAcks, limitedTransmit);
  const most = Math.floor(mostUnderWay(congestion, mss, segment.at)) + (duplicates + 1) * mss;
  const flight = end - Math.max(theirs.acknowledged, 1);
  judge(
    sight,
    congestion.loss === undefined ? congestionRules.flight : congestionRules.afterLoss,
    flight <= most,
    () => `${flight} octets are under way, in segments of ${mss}, where no more than ${most} may be`,
  );
}

function mostUnderWay({ window, loss }: Congestion, mss: number, now: bigint): number {
  if (loss === undefined) return window;
  const before = loss.window / mss;
  const plateau = Math.cbrt((before * (1 - kept)) / cubic);
  return Math.max(window, (before + cubic * (Number(now - loss.at) / 1e9 - plateau) ** 3) * mss);
}

/** `acker` acknowledges what `sender` sent from `from` up to `upTo`; `mss` is its own. */
export function noteGrowth(sender: TcpSide, acker: TcpSide, upTo: number, mss: number): void {
  const congestion = congestionOf(sender, mss);
  const from = acker.acknowledged;
  congestion.bareAcks = acker.bareAcks;
  if (congestion.loss !== undefined && upTo >= congestion.loss.until) congestion.recovers = false;
  if (congestion.loss !== undefined) congestion.window += (mss * (upTo - from)) / congestion.window;
  else {
    let segments = 0;
    for (const { end } of sender.sent.values()) if (end > from && end <= upTo) segments += 1;
    congestion.window += Math.max(segments, 1) * mss;
  }
}

/**
 * Octets are sent again: because of duplicate ACKs, if there were enough of them and the wait is shorter than any timer.
 */
export function noteLoss(sight: Sight, mine: TcpSide, theirs: TcpSide, known: Transmission): void {
  const { segment, subflow } = sight;
  const mss = mssOf(subflow, otherEnd(segment.sender));
  const congestion = congestionOf(mine, mss);
  if (congestion.recovers || known.place < theirs.acknowledged) return;
  if (theirs.bareAcks - congestion.bareAcks < duplicateThreshold) return;
  if (segment.at - (known.times.at(-1) ?? segment.at) >= shortestTimeout) return;
  const window = mostUnderWay(congestion, mss, segment.at);
  congestion.loss = { window, at: segment.at, until: mine.end };
  congestion.window = Math.max(kept * window, leastSegments * mss);
  congestion.recovers = true;
}
