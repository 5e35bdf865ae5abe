/** Probes of a window that stays closed (RFC 9293 section 3.8.6.1). Only a reader that is the peer knows what it offers, and when. */
import { relative } from './conversation/subflow.js';
import type { TcpSide } from './conversation/tcp-side.js';
import type { Rule } from './rule.js';
import { judge, type Sight } from './sight.js';

export const probeRules = {
  backsOff: {
    name: 'window-probes-back-off',
    requirement: 'RFC9293-3.8.6-11',
    level: 'SHOULD',
    binds: 'both',
    of: 'tcp',
    says: 'Of the waits between probes of a closed window each is about twice the one before.',
    needs: 'every segment of the flow, and its time',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** Half a minute is enough for any host (RFC 6298 section 2.5 allows to stop at sixty seconds, and timers run early). Nanoseconds. */
const mostWait = 29_000_000_000n;

/** A factor of 1.5 leaves room for clocks, and for the time that an answer takes. */
const hasGrown = (first: bigint, second: bigint): boolean => 2n * second >= 3n * first || first > mostWait;

/** A segment of `mine` towards an end whose window is closed: one octet of its edge, or nothing new. */
export function judgeProbe(sight: Sight, mine: TcpSide, theirs: TcpSide): void {
  const { segment, subflow } = sight;
  const { tcp, at, sender } = segment;
  const isClosed = theirs.latestEdge !== undefined && theirs.latestEdge === theirs.acknowledged;
  if (!isClosed || subflow.connection !== undefined) return;
  const place = relative(subflow[sender], tcp.seq);
  const isProbe =
    (place === theirs.acknowledged && tcp.payloadLength === 1) ||
    (place === theirs.acknowledged - 1 && tcp.payloadLength <= 1);
  if (!isProbe) return;
  const [before, last] = mine.probes.slice(-2);
  mine.probes.push(at);
  if (before === undefined || last === undefined) return;
  const [first, second] = [last - before, at - last];
  judge(
    sight,
    probeRules.backsOff,
    hasGrown(first, second),
    () => `the waits are ${first / 1_000_000n} ms and then ${second / 1_000_000n} ms`,
  );
}

/** The other end told of its window: one that is open, or closed at another octet, has probing begin anew. */
export const noteOffer = (theirs: TcpSide, isOpen: boolean, isNew: boolean): void => {
  if (isOpen || isNew) theirs.probes.length = 0;
};
