/**
 * The Data ACK (RFC 6824 and RFC 8684, section 3.3.2): it covers only octets that were received, and is as wide as the
 * data sequence numbers that it acknowledges.
 */

import { countOctets } from '../protocol/bytes/count-octets.js';
import { type Dss, DssFlag } from '../protocol/mptcp/option.js';
import { type HostState, otherHost, widenFrom } from './conversation/connection.js';
import { otherEnd } from './conversation/segment.js';
import { hostAt, relative, type SubflowEnd } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { find, hex64, judge, note, noteOf, type Sight } from './sight.js';

export const dataAckRules = {
  covered: {
    name: 'data-ack-of-what-was-sent',
    requirement: 'RFC6824-3.3-40',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A Data ACK covers only octets that were received from the peer, without a gap, before its DATA_FIN, and passed their checksum.',
    needs: 'every mapping of the peer, on all subflows',
  },
  width: {
    name: 'data-ack-width',
    requirement: 'RFC6824-3.3-06',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'Data with a DSN of eight octets is acknowledged with a Data ACK of eight octets.',
    needs: "the peer's mappings",
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A Data ACK of a host whose peer's key is known. */
export function judgeDataAck(sight: Sight): void {
  const { segment, subflow } = sight;
  const { connection, openedBy } = subflow;
  const dss = find(segment.tcp.mptcp, 'dss');
  if (dss?.ack === undefined || connection === undefined || openedBy === undefined) return;
  // After a fallback Data ACKs have no meaning (RFC 8684 section 3.7).
  if (connection.fallenBack !== undefined) return;
  const peer = connection.hosts[otherHost(hostAt(openedBy, segment.sender))];
  if (peer.sentShortDsn !== true) judgeWidth(sight, dss, subflow[otherEnd(segment.sender)]);
  judgeCovered(sight, dss, dss.ack, peer);
}

/** The acknowledgment of the subflow shows that the data with the long DSN was received. */
function judgeWidth(sight: Sight, dss: Dss, theirs: SubflowEnd): void {
  const { longDsn } = theirs;
  const taken = relative(theirs, sight.segment.tcp.ack);
  if (longDsn === undefined || taken === undefined || taken < longDsn) return;
  judge(
    sight,
    dataAckRules.width,
    (dss.flags & DssFlag.a) !== 0,
    () => 'a Data ACK of four octets answers data sequence numbers of eight',
  );
}

function judgeCovered(sight: Sight, dss: Dss, ack: bigint, peer: HostState): void {
  const { segment, subflow, vantage } = sight;
  const { idsn, sent } = peer;
  if (idsn === undefined || peer.unplaced === true) return;
  const first = BigInt.asUintN(64, idsn + 1n);
  const whole =
    (dss.flags & DssFlag.a) !== 0 ? ack : widenFrom(BigInt.asUintN(64, first + BigInt(sent.contiguous)), ack);
  const covered = BigInt.asIntN(64, whole - first);
  const sentence = (): string =>
    `the Data ACK is ${hex64(whole)}, without a gap came octets up to ${hex64(BigInt.asUintN(64, first + BigInt(sent.contiguous)))}`;
  if (vantage === 'peer' && isBeyondEnd(peer, Number(covered))) {
    judge(sight, dataAckRules.covered, false, () => beyondEnd(Number(covered), peer.dataFin?.place ?? 0));
    return;
  }
  if (covered <= BigInt(sent.contiguous)) {
    peer.dataAcked = Math.max(peer.dataAcked ?? 0, Number(covered));
    judge(sight, dataAckRules.covered, true, sentence);
    return;
  }
  const theirs = subflow[otherEnd(segment.sender)];
  const reached = relative(theirs, segment.tcp.ack);
  const seen = !theirs.gap && subflow.connection?.subflows === 1 && reached !== undefined && reached <= theirs.next + 1;
  if (vantage === 'peer' || seen) judge(sight, dataAckRules.covered, false, sentence);
  else if ((dss.flags & DssFlag.a) !== 0) judgeBetween(sight, peer, Number(covered), sentence);
  else note(sight, 'unknown', dataAckRules.covered, () => `${sentence()}; not all of it may have been captured`);
}

/**
 * The DATA_FIN and nothing more was acknowledged, and what came after it is no data (RFC 8684 section 3.3.3: as the FIN of TCP). One that
 * nobody acknowledged by itself may have been in a segment that TCP did not accept.
 */
const isBeyondEnd = ({ dataFin, dataAcked = 0 }: HostState, covered: number): boolean =>
  dataFin !== undefined && dataAcked === dataFin.place + 1 && covered > dataAcked;

/** Not all data may have been captured; but no host sends any after its DATA_FIN. */
function judgeBetween(sight: Sight, peer: HostState, covered: number, sentence: () => string): void {
  const { dataFin } = peer;
  if (dataFin !== undefined && covered > endOf(peer, dataFin.place))
    judge(sight, dataAckRules.covered, false, () => beyondEnd(covered, dataFin.place), [dataFin.frame]);
  else note(sight, 'unknown', dataAckRules.covered, () => `${sentence()}; not all of it may have been captured`);
  if (covered > (peer.ackedAhead?.covered ?? 0))
    peer.ackedAhead = { covered, frame: sight.segment.frame, subflow: sight.subflow };
}

/** The first DATA_FIN of a host shows whether the peer had acknowledged more than there is. */
export function judgeAckedAhead(sight: Sight, host: HostState, place: number): void {
  const { ackedAhead } = host;
  if (sight.vantage === 'peer' || ackedAhead === undefined || ackedAhead.covered <= endOf(host, place)) return;
  const frames = [ackedAhead.frame, sight.segment.frame];
  const { subflow } = ackedAhead;
  noteOf({ ...sight, subflow }, 'violated', dataAckRules.covered, frames, () => beyondEnd(ackedAhead.covered, place));
}

/**
 * The number of octets of a host's data, DATA_FIN included. If the host continues after its DATA_FIN, the peer is not
 * blamed.
 */
const endOf = ({ dataEnd = 0 }: HostState, place: number): number => Math.max(dataEnd, place + 1);

const beyondEnd = (covered: number, place: number): string =>
  `the Data ACK covers ${countOctets(covered)} of data, of which DATA_FIN is octet ${place}`;
