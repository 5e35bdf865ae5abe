/** Stores what a segment shows about its subflow and its connection, for later segments. */
import type { MpCapable, MpJoinSyn } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import type { FoundMptcpOption } from '../protocol/wire/tcp-options.js';
import { judgeJoinTarget } from './announcements.js';
import type { Connection, HostState } from './conversation/connection.js';
import { type Connections, hasEnded } from './conversation/connections.js';
import { endpointText } from './conversation/endpoint.js';
import { streamLength } from './conversation/segment.js';
import { acknowledgesSyn, relative } from './conversation/subflow.js';
import { rememberHandshake, sameHandshake } from './conversation/views.js';
import { joinRules, judgeAddressId, judgeJoinSyn } from './join.js';
import { judgeJoinAgain } from './join-targets.js';
import { judgeJoinPort } from './openings.js';
import { judgeDowngrade, judgeJoinBesides, judgeJoinCap, judgeOtherKey, mentions, robeRules } from './robe.js';
import { secretRules } from './secrets.js';
import { find, hex32, judge, note, type Sight } from './sight.js';

export function learnSegment(sight: Sight, connections: Connections, downgrading: boolean): void {
  const { flags } = sight.segment.tcp;
  if ((flags & TcpFlag.SYN) === 0) learnBehindSyn(sight, connections);
  else if ((flags & TcpFlag.ACK) === 0) learnSyn(sight, connections);
  else if (sight.segment.sender === 'listener') learnSynAck(sight, connections, downgrading);
}

function learnSyn(sight: Sight, connections: Connections): void {
  const { segment, subflow } = sight;
  const { frame, tcp } = segment;
  if (segment.sender !== 'opener') return;
  const { opener } = subflow;
  opener.synFrame ??= frame;
  opener.synData = Math.max(opener.synData, tcp.payloadLength);
  const capable = find(tcp.mptcp, 'mp_capable');
  const join = find(tcp.mptcp, 'mp_join');
  if (capable !== undefined) subflow.synCapable ??= { option: capable, frame };
  subflow.esimOffered ||= mentions(tcp.mptcp, 'robe_esim_en');
  subflow.rttOffered ||= mentions(tcp.mptcp, 'l_rtt_en');
  subflow.plainSyn ||= capable === undefined && join === undefined;
  if (join?.form !== 'syn' || subflow.synJoin !== undefined) return;
  subflow.synJoin = { option: join, frame };
  const named = connections.named(join.token);
  if (named === undefined) {
    const sentence = (): string => `token ${hex32(join.token)} names no connection that was seen`;
    if (sight.vantage === 'peer' && !connections.knows(join.token) && !connections.hasUntoldKeys)
      judge(sight, joinRules.token, false, sentence);
    else note(sight, 'unknown', joinRules.token, sentence);
    return;
  }
  judge(sight, joinRules.token, true, () => '');
  // Where both keys are one, nobody can say who is meant.
  if (named.connection.hosts.a.key === named.connection.hosts.b.key) return;
  if (sight.vantage === 'between' && isSecondJoin(sight, named.connection.hosts[named.opener], join)) return;
  judgeJoinSyn(sight, named.connection, named.opener);
  judgeJoinBesides(sight, named.connection.hosts[named.opener]);
  judgeJoinTarget(sight, named.connection, named.opener);
  judgeJoinPort(sight, named.connection, named.opener);
  judgeJoinAgain(sight, named.connection, named.opener);
  connections.attach(subflow, named.connection, named.opener, 'join');
}

/**
 * A repeated nonce: a second view of the join if all of MP_JOIN is the same, otherwise another join with the same nonce.
 */
function isSecondJoin(sight: Sight, host: HostState, { nonce, addressId }: MpJoinSyn): boolean {
  const { subflow, segment } = sight;
  host.nonces ??= new Map();
  const known = host.nonces.get(nonce);
  if (known === undefined) {
    host.nonces.set(nonce, { flow: subflow.number, addressId, frame: segment.frame });
    return false;
  }
  if (known.addressId === addressId) {
    subflow.viewOf = known.flow;
    return true;
  }
  judge(sight, secretRules.freshNonce, false, () => `nonce ${hex32(nonce)} was used before`, [known.frame]);
  return false;
}

function learnSynAck(sight: Sight, connections: Connections, downgrading: boolean): void {
  const { segment, subflow } = sight;
  const { frame, tcp } = segment;
  if (!answersSyn(sight)) return;
  subflow.listener.isn ??= tcp.seq;
  subflow.listener.synFrame ??= frame;
  subflow.esimConfirmed ||= find(tcp.mptcp, 'robe_esim_en') !== undefined;
  const capable = find(tcp.mptcp, 'mp_capable');
  const join = find(tcp.mptcp, 'mp_join');
  if (capable === undefined && join === undefined) subflow.plainSynAck ??= frame;
  if (join?.form === 'syn/ack') subflow.synAckJoin ??= { option: { ...join, hmac: join.hmac.slice() }, frame };
  if (subflow.connection !== undefined) subflow.connection.answered = sight.segment.at;
  connections.hasUntoldKeys ||= hasSeveral(tcp.mptcp);
  if (capable === undefined || hasSeveral(tcp.mptcp) || subflow.synAckCapable !== undefined) return;
  subflow.synAckCapable = { option: capable, frame };
  const offer = subflow.synCapable?.option;
  if (offer !== undefined) tieAnswered(sight, connections, offer, capable, downgrading);
}

/** If a segment has two MP_CAPABLE, no sentence says which one is used, so no key is learned from either. */
const hasSeveral = (options: readonly FoundMptcpOption[]): boolean =>
  options.filter(({ option }) => option === 'mp_capable').length > 1;

/**
 * RFC 9293 section 3.10.7.3: a segment that does not acknowledge the SYN is no answer. If the SYN was not seen, it is
 * assumed to be one.
 */
const answersSyn = ({ segment, subflow: { opener } }: Sight): boolean =>
  opener.isn === undefined || acknowledgesSyn(opener, segment.tcp.ack);

/** A flow with MP_CAPABLE on SYN and SYN/ACK is a connection of its own, or part of one with the same keys. */
function tieAnswered(
  sight: Sight,
  connections: Connections,
  offer: MpCapable,
  answer: MpCapable,
  downgrading: boolean,
): void {
  const { subflow } = sight;
  // An MP_CAPABLE with a version that was not offered is invalid (RFC 8684 section 3.1).
  if (answer.version > offer.version) return;
  const { key: keyA } = offer;
  const { key: keyB } = answer;
  const server = endpointText(subflow.listener);
  const withKeyA = keyA === undefined ? [] : connections.withKeyA(keyA);
  // Both keys are those of one host, whichever of its addresses was asked (RobE paper 2.4).
  const same = withKeyA.find(({ hosts }) => hosts.b.key === keyB);
  if (same !== undefined) {
    if (sight.vantage === 'between') {
      const seen = sameHandshake(
        same,
        subflow,
        !sight.segment.tcp.options.some(({ option }) => option === 'timestamps'),
      );
      if (seen !== undefined) {
        subflow.viewOf = seen.flow;
        return;
      }
      rememberHandshake(same, subflow);
    }
    same.answered = sight.segment.at;
    judgeDowngrade(sight, same, answer.flags);
    connections.attach(subflow, same, 'a', 'downgraded');
    return;
  }
  const [other] = withKeyA.filter(
    ({ hosts, version }) => hosts.b.initialEndpoint === server && version === answer.version,
  );
  const inUse = other !== undefined && isInUse(other, sight.segment.at);
  // A request that is not identical is another request (RobE paper 2.1).
  if (downgrading && inUse && other.offered === offer.flags && keyB !== undefined) judgeOtherKey(sight, other, keyB);
  // In version 1 only a second view has the key of another open connection.
  const twin = sight.vantage === 'between' && keyA === undefined && keyB !== undefined && connections.withKeyB(keyB);
  if (twin) {
    subflow.viewOf = twin.initial;
    return;
  }
  const opened = connections.open(subflow, offer, answer);
  opened.answered = sight.segment.at;
  if (sight.vantage === 'between' && keyA !== undefined) rememberHandshake(opened, subflow);
}

/** The least time that a host keeps an incomplete handshake: three repetitions by RFC 6298. */
const halfOpenTime = 15_000_000_000n;

/** Whether the host certainly has the connection: it drops an incomplete handshake after a while. */
const isInUse = (connection: Connection, at: bigint): boolean =>
  connection.over === undefined &&
  !hasEnded(connection) &&
  (connection.confirmed === true || at - (connection.answered ?? at) < halfOpenTime);

function learnBehindSyn(sight: Sight, connections: Connections): void {
  const { segment, subflow } = sight;
  const { sender, tcp } = segment;
  const payloadLength = streamLength(segment);
  const end = subflow[sender];
  if (sender === 'listener' && subflow.synJoin !== undefined) subflow.joinAnswered = true;
  const at = relative(end, tcp.seq);
  if (at !== undefined && payloadLength > 0) {
    if (at > end.next) end.gap = true;
    end.repeats = at + payloadLength <= end.next;
    end.next = Math.max(end.next, at + payloadLength);
  }
  const { connection } = subflow;
  const capable = find(tcp.mptcp, 'mp_capable');
  if (connection !== undefined && sender === 'opener' && (capable !== undefined || payloadLength > 0))
    connection.confirmed = true;
  if (tcp.mptcp.length === 0) return;
  if (sender === 'opener' && capable !== undefined) subflow.thirdCapable ??= segment.frame;
  const told = hasSeveral(tcp.mptcp) ? undefined : capable?.key;
  if (connection?.initial === subflow.number && sender === 'opener' && told !== undefined)
    connections.learnKeyA(connection, told);
  const joinCap = find(tcp.mptcp, 'mp_join_cap');
  if (joinCap === undefined || sender !== 'opener') return;
  const joined = judgeJoinCap(sight, joinCap, connections.withKeyA(joinCap.key), connections.withoutKeyA);
  if (joined !== undefined) {
    connections.learnKeyA(joined, joinCap.key);
    judgeAddressId(sight, joined, 'a', joinCap.addressId, subflow.opener.address, robeRules.addressId);
  }
  // A flow with an established connection of its own joins no other one.
  if (joined === undefined || joined === connection || subflow.thirdCapable !== undefined) return;
  // Data that came before the join belongs to the connection, but its place was not determined then.
  if (end.next > 1) joined.hosts.a.unplaced = true;
  connections.attach(subflow, joined, 'a', 'join-cap');
  joined.hosts.a.capJoined ??= new Map();
  joined.hosts.a.capJoined.set(subflow.opener.address, subflow);
}
