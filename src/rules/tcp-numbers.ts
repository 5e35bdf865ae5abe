/**
 * The numbers of TCP (RFC 9293): only sent octets are acknowledged, and sent octets fit into window and segment size.
 * Only a reader that is the peer can judge this.
 */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { judgeFlight, mssOf, noteGrowth } from './congestion.js';
import { type End, otherEnd } from './conversation/segment.js';
import { relative, type Subflow, type SubflowEnd } from './conversation/subflow.js';
import { newTcpSide, spaceOf, type TcpSide } from './conversation/tcp-side.js';
import { judgeOptionAck } from './option-acks.js';
import { judgeProbe, noteOffer } from './probes.js';
import { judgeRepetition, noteAcknowledgment } from './retransmission.js';
import type { Rule } from './rule.js';
import { judge, noteOf, type Sight } from './sight.js';
import { judgeClock } from './timestamps.js';

export const tcpNumberRules = {
  acknowledged: {
    name: 'ack-of-what-was-sent',
    requirement: 'RFC9293-3.4-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'An acknowledgment covers only what the peer has sent.',
    needs: 'every segment of the peer',
  },
  inWindow: {
    name: 'payload-within-the-window',
    requirement: 'RFC9293-3.8.6-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'No octet is sent beyond the window that the peer offered, except a probe of one octet.',
    needs: 'every segment of the peer',
  },
  inSubflowWindow: {
    name: 'payload-within-the-subflow-window',
    requirement: 'RFC6824-3.3-33',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'On each subflow no octet is sent beyond the window that the peer offered there, except a probe of one octet.',
    needs: 'every segment of the peer',
  },
  segmentSize: {
    name: 'payload-within-the-mss',
    requirement: 'RFC9293-3.7.1-01',
    also: ['RFC9293-3.7.1-02'],
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: "A segment carries no more than the peer's MSS less its own options.",
    needs: "the peer's SYN",
  },
  linkSize: {
    name: 'packet-within-ethernet',
    requirement: 'RFC9293-3.7.1-01',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'A packet has at most 1,500 octets, the MTU of Ethernet, unless the MSS of its sender shows a larger link.',
    needs: "the host's own SYN",
  },
  defaultSegmentSize: {
    name: 'payload-within-the-default-mss',
    requirement: 'RFC9293-3.7.1-03',
    level: 'MUST',
    binds: 'both',
    of: 'tcp',
    says: 'Where the peer gave no MSS a segment carries 536 octets for IPv4, 1,220 for IPv6, less its own options.',
    needs: "the peer's SYN",
  },
  edge: {
    name: 'tcp-window-edge-never-back',
    requirement: 'RFC9293-3.8.6-03',
    level: 'SHOULD',
    binds: 'both',
    of: 'tcp',
    says: 'On a flow without MPTCP the right edge of the window (acknowledgment plus window) does not move back.',
    needs: 'every segment of the host, in order',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export function judgeNumbers(sight: Sight): void {
  const { segment, subflow } = sight;
  if (subflow.displaces) return;
  const mine = sideOf(subflow, segment.sender);
  const theirs = sideOf(subflow, otherEnd(segment.sender));
  const { tcp } = segment;
  if ((tcp.flags & TcpFlag.RST) === 0) {
    judgeAcknowledgment(sight, theirs);
    if (tcp.payloadLength > 0) {
      judgePayload(sight, theirs);
      judgeFlight(sight, mine, theirs);
    }
    judgeProbe(sight, mine, theirs);
    judgeOptionAck(sight, mine, theirs);
    if (!isKeepalive(sight)) judgeRepetition(sight, mine, theirs);
  }
  judgeClock(sight, mine);
  learn(sight, mine, theirs);
}

/**
 * One octet at the last number sent, after all was acknowledged: a keepalive, whose octet has no meaning (RFC 9293
 * section 3.8.4).
 */
export function isKeepalive({ segment, subflow }: Sight): boolean {
  const { end } = sideOf(subflow, segment.sender);
  const at = relative(subflow[segment.sender], segment.tcp.seq);
  const { acknowledged } = sideOf(subflow, otherEnd(segment.sender));
  return segment.tcp.payloadLength === 1 && at === end - 1 && acknowledged >= end;
}

const sideOf = (subflow: Subflow, end: End): TcpSide => {
  subflow[end].tcp ??= newTcpSide();
  return subflow[end].tcp;
};

function judgeAcknowledgment(sight: Sight, theirs: TcpSide): void {
  const { segment, subflow } = sight;
  if ((segment.tcp.flags & TcpFlag.ACK) === 0 || theirs.end === 0) return;
  const covered = relative(subflow[otherEnd(segment.sender)], segment.tcp.ack);
  if (covered === undefined) return;
  judge(
    sight,
    tcpNumberRules.acknowledged,
    covered <= theirs.end,
    () => `the acknowledgment covers ${countOctets(covered)} after the peer's SYN, of ${theirs.end} that were sent`,
  );
}

/** Between the hosts not every segment was captured; but no host sends data after its FIN. */
export function judgeAckOfAll(sight: Sight): void {
  const { segment, subflow } = sight;
  const { flags, ack } = segment.tcp;
  if (subflow.displaces || (flags & TcpFlag.RST) !== 0) return;
  const [end, theirs] = [subflow[segment.sender], subflow[otherEnd(segment.sender)]];
  if ((flags & TcpFlag.FIN) !== 0) judgeAckedAhead(sight, end, theirs);
  const covered = (flags & TcpFlag.ACK) === 0 ? undefined : relative(theirs, ack);
  if (covered === undefined) return;
  if (theirs.finAt === undefined) {
    if (covered > Math.max(theirs.next, end.ackedAhead?.covered ?? 0))
      end.ackedAhead = { covered, frame: segment.frame };
    return;
  }
  const all = allOf(theirs, theirs.finAt);
  judge(sight, tcpNumberRules.acknowledged, covered <= all, () => moreThanAll(covered, all));
}

/** A FIN shows whether the other end had acknowledged more octets than exist. */
function judgeAckedAhead(sight: Sight, end: SubflowEnd, { ackedAhead }: SubflowEnd): void {
  if (end.finAt === undefined || ackedAhead === undefined) return;
  const all = allOf(end, end.finAt);
  if (ackedAhead.covered <= all) return;
  const frames = [ackedAhead.frame, sight.segment.frame];
  noteOf(sight, 'violated', tcpNumberRules.acknowledged, frames, () => moreThanAll(ackedAhead.covered, all));
}

/**
 * The number of octets that an end has sent, FIN included. If it continues after its FIN, the other end is not blamed.
 */
const allOf = ({ next }: SubflowEnd, finAt: number): number => Math.max(finAt + 1, next);

const moreThanAll = (covered: number, all: number): string =>
  `the acknowledgment covers ${countOctets(covered)} after the peer's SYN; with its FIN there are ${all}`;

function judgePayload(sight: Sight, theirs: TcpSide): void {
  const { segment, subflow } = sight;
  const { tcp } = segment;
  const { offer } = subflow[otherEnd(segment.sender)];
  if (offer !== undefined) {
    const most = mssOf(subflow, otherEnd(segment.sender)) - tcp.optionsLength;
    judge(
      sight,
      offer.mss === undefined ? tcpNumberRules.defaultSegmentSize : tcpNumberRules.segmentSize,
      tcp.payloadLength <= most,
      () =>
        `the segment carries ${countOctets(tcp.payloadLength)} beside ${tcp.optionsLength} of options, at most ${most} fit`,
    );
  }
  judgeLink(sight);
  const at = relative(subflow[segment.sender], tcp.seq);
  if (at === undefined || theirs.edge === undefined) return;
  const end = at + tcp.payloadLength;
  const room = theirs.edge;
  judge(
    sight,
    subflow.connection === undefined ? tcpNumberRules.inWindow : tcpNumberRules.inSubflowWindow,
    end <= room || (tcp.payloadLength === 1 && end === room + 1),
    () => `the segment ends ${countOctets(end)} after the SYN, the window that was offered ends at ${room}`,
  );
}

/** RFC 894, RFC 2464. */
const ethernetMtu = 1500;
const headers = { 4: 40, 6: 60 } as const;

function judgeLink(sight: Sight): void {
  const { segment, subflow } = sight;
  const { tcp } = segment;
  const { offer, address } = subflow[segment.sender];
  if (offer === undefined) return;
  const fixed = headers[address.includes(':') ? 6 : 4];
  const octets = fixed + tcp.optionsLength + tcp.payloadLength;
  judge(
    sight,
    tcpNumberRules.linkSize,
    octets <= Math.max(ethernetMtu, (offer.mss ?? 0) + fixed),
    () => `the packet has ${countOctets(octets)}, and the MSS of its sender is ${offer.mss ?? 'not given'}`,
  );
}

function learn(sight: Sight, mine: TcpSide, theirs: TcpSide): void {
  const { segment, subflow } = sight;
  const { tcp } = segment;
  mine.segments += 1;
  if (spaceOf(tcp) === 0) mine.bareAcks += 1;
  const isSyn = (tcp.flags & TcpFlag.SYN) !== 0;
  const at = isSyn ? 0 : relative(subflow[segment.sender], tcp.seq);
  if (at !== undefined) mine.end = Math.max(mine.end, at + spaceOf(tcp));
  if ((tcp.flags & TcpFlag.ACK) === 0 || (tcp.flags & TcpFlag.RST) !== 0) {
    // The window of a SYN counts from the octet after the other's SYN.
    if (isSyn) mine.edge = Math.max(mine.edge ?? 0, 1 + tcp.window);
    return;
  }
  const acknowledged = relative(subflow[otherEnd(segment.sender)], tcp.ack);
  if (acknowledged === undefined) return;
  const { windowShift } = subflow[segment.sender].offer ?? {};
  const scaled =
    !isSyn && windowShift !== undefined && subflow[otherEnd(segment.sender)].offer?.windowShift !== undefined;
  const shift = scaled ? Math.min(windowShift, 14) : 0;
  const edge = acknowledged + tcp.window * 2 ** shift;
  noteAcknowledgment(sight, mine, theirs, acknowledged);
  if (acknowledged >= mine.acknowledged) judgeEdge(sight, mine.edge, edge, 2 ** shift);
  if (acknowledged > mine.acknowledged && mine.acknowledged > 0)
    noteGrowth(theirs, mine, acknowledged, mssOf(subflow, segment.sender));
  noteOffer(theirs, edge > acknowledged, acknowledged > mine.acknowledged);
  mine.acknowledged = Math.max(mine.acknowledged, acknowledged);
  mine.edge = Math.max(mine.edge ?? 0, edge);
  mine.latestEdge = edge;
}

/**
 * With MPTCP the window is that of the connection and counts from the Data ACK. Scaling rounds it down by less than a
 * unit.
 */
function judgeEdge(sight: Sight, before: number | undefined, edge: number, unit: number): void {
  const { connection, synJoin, synCapable, plainSynAck } = sight.subflow;
  const isMptcp = synJoin !== undefined || (synCapable !== undefined && plainSynAck === undefined);
  if (before === undefined || isMptcp || connection !== undefined) return;
  judge(
    sight,
    tcpNumberRules.edge,
    edge > before - unit,
    () => `the window ended ${countOctets(before)} after the peer's SYN, now it ends at ${edge}`,
  );
}
