/**
 * The receive window of an MPTCP connection (RFC 6824 and RFC 8684, section 3.3.4): it counts from the Data ACK, its
 * right edge never moves back, and no data is sent beyond it. Only a reader that is the peer has seen every window;
 * between the hosts an edge that moves back shows in ACKs without data.
 */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { type Dss, DssFlag } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { type HostState, otherHost, widenFrom } from './conversation/connection.js';
import { otherEnd } from './conversation/segment.js';
import { hostAt, relative, type SubflowEnd } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { find, judge, type Sight } from './sight.js';

export const connectionWindowRules = {
  edge: {
    name: 'window-edge-never-back',
    requirement: 'RFC6824-3.3-30',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The right edge of the window (Data ACK plus window) never moves back.',
    needs: 'every segment of the host on the subflow',
  },
  shared: {
    name: 'one-window-on-all-subflows',
    requirement: 'RFC6824-3.3-08',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'All subflows offer the same window: after the same Data ACK no subflow offers many times the window that another offered just before.',
    needs: 'every segment of the host',
  },
  inside: {
    name: 'data-within-the-connection-window',
    requirement: 'RFC6824-3.3-08',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'No data is sent beyond the window that the peer offered after its Data ACK, except a probe of one octet.',
    needs: 'every segment of the peer',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/**
 * Judges a segment seen by a reader between the hosts. An ACK without data states the window at the time of sending, and
 * Data ACKs only grow: so the ACK with the greater Data ACK was sent later, whatever the order of capture and whatever
 * was lost.
 */
export function judgeEdgeBetween(sight: Sight): void {
  const { segment, subflow } = sight;
  const { connection, openedBy } = subflow;
  const { tcp } = segment;
  const [end, theirs] = [subflow[segment.sender], subflow[otherEnd(segment.sender)]];
  if (connection === undefined || openedBy === undefined || connection.fallenBack !== undefined) return;
  if (tcp.flags !== TcpFlag.ACK || tcp.payloadLength > 0 || end.offer === undefined || theirs.offer === undefined)
    return;
  if (subflow.offersVary === true || subflow.displaces) return;
  const dss = find(tcp.mptcp, 'dss');
  if (dss === undefined || (dss.flags & (DssFlag.a | DssFlag.F)) !== DssFlag.a) return;
  const acknowledged = placeOf(dss, connection.hosts[otherHost(hostAt(openedBy, segment.sender))]);
  if (acknowledged === undefined) return;
  const shift = shiftOf(end, theirs);
  const edge = acknowledged + tcp.window * 2 ** shift;
  const before = end.bareEdge;
  if (before !== undefined && acknowledged > before.acknowledged)
    judge(sight, connectionWindowRules.edge, edge > before.edge - 2 ** shift, () => movedBack(before.edge, edge), [
      before.frame,
    ]);
  if (before === undefined || edge > before.edge) end.bareEdge = { acknowledged, edge, frame: segment.frame };
}

const movedBack = (before: number, edge: number): string =>
  `the window ended ${countOctets(before)} after the first octet of data, now it ends at ${edge}`;

/** A window may have grown a moment earlier. A window that was not shifted is larger by a factor of two for each bit. */
const manyTimes = 8;
/** Nanoseconds. */
const justBefore = 1_000_000_000n;

const unscaled = 0;
const largestShift = 14;

/** A segment of a subflow of a connection, after its mapping was judged. */
export function judgeConnectionWindow(sight: Sight): void {
  const { segment, subflow } = sight;
  const { connection, openedBy } = subflow;
  const { tcp } = segment;
  if (connection === undefined || openedBy === undefined || connection.fallenBack !== undefined) return;
  if ((tcp.flags & TcpFlag.RST) !== 0) return;
  const name = hostAt(openedBy, segment.sender);
  const host = connection.hosts[name];
  const peer = connection.hosts[otherHost(name)];
  if (tcp.payloadLength > 0) judgeInside(sight, peer);
  learnWindow(sight, host, peer);
}

function judgeInside(sight: Sight, peer: HostState): void {
  const { segment, subflow } = sight;
  const end = subflow[segment.sender];
  const at = relative(end, segment.tcp.seq);
  const mapping = at === undefined ? undefined : end.declared?.covering(at);
  if (at === undefined || mapping?.place === undefined || peer.windowEnd === undefined) return;
  const until = mapping.place + at - mapping.ssn + segment.tcp.payloadLength;
  const { windowEnd } = peer;
  judge(
    sight,
    connectionWindowRules.inside,
    until <= windowEnd || (segment.tcp.payloadLength === 1 && until === windowEnd + 1),
    () => `the data ends ${countOctets(until)} after the first, the window ends at ${windowEnd}`,
  );
}

/** The edge that a segment offers, in octets of the peer's data sequence; a segment without Data ACK counts from the first. */
function learnWindow(sight: Sight, host: HostState, peer: HostState): void {
  const { segment, subflow } = sight;
  const { tcp } = segment;
  const end = subflow[segment.sender];
  const theirs = subflow[otherEnd(segment.sender)];
  const isSyn = (tcp.flags & TcpFlag.SYN) !== 0;
  const shift = isSyn ? unscaled : shiftOf(end, theirs);
  const window = tcp.window * 2 ** shift;
  const dss = find(tcp.mptcp, 'dss');
  const acknowledged = dss === undefined ? undefined : placeOf(dss, peer);
  host.windowEnd = Math.max(host.windowEnd ?? 0, (acknowledged ?? 0) + window);
  if (acknowledged === undefined) return;
  judgeShared(sight, host, acknowledged, window);
  const edge = acknowledged + window;
  // A retransmission may carry its old Data ACK, and then does not show the present window.
  if (acknowledged < (end.edgeAck ?? acknowledged)) return;
  end.edgeAck = acknowledged;
  const before = end.edge;
  // Scaling rounds the window down, so an edge may seem to move back by less than one unit.
  if (before !== undefined)
    judge(sight, connectionWindowRules.edge, edge > before - 2 ** shift, () => movedBack(before, edge));
  end.edge = Math.max(before ?? 0, edge);
}

/** The number of bits by which the windows of an end are shifted: both ends must have offered window scale. */
const shiftOf = ({ offer }: SubflowEnd, theirs: SubflowEnd): number =>
  theirs.offer?.windowShift === undefined ? unscaled : Math.min(offer?.windowShift ?? unscaled, largestShift);

function judgeShared(sight: Sight, host: HostState, acknowledged: number, window: number): void {
  const { segment, subflow } = sight;
  host.windows ??= new Map();
  for (const [number, other] of host.windows) {
    if (number === subflow.number || other.acknowledged !== acknowledged || other.window === 0) continue;
    if (segment.at - other.at > justBefore) continue;
    judge(
      sight,
      connectionWindowRules.shared,
      window <= manyTimes * other.window,
      () => `the window here is ${window}, on another subflow ${other.window}`,
      [other.frame],
    );
  }
  host.windows.set(subflow.number, { acknowledged, window, at: segment.at, frame: segment.frame });
}

/** The place of a Data ACK, counted from the first octet of data; undefined without one, or without the key. */
function placeOf(dss: Dss, { idsn, sent }: HostState): number | undefined {
  if (dss.ack === undefined || idsn === undefined) return undefined;
  const first = BigInt.asUintN(64, idsn + 1n);
  const near = BigInt.asUintN(64, first + BigInt(sent.contiguous));
  const whole = (dss.flags & DssFlag.a) !== 0 ? dss.ack : widenFrom(near, dss.ack);
  return Number(BigInt.asIntN(64, whole - first));
}
