/**
 * Opening further subflows with MP_JOIN (RFC 6824 and RFC 8684, section 3.2): HMACs over the keys of the connection and
 * the nonces of the subflow, when a join is permitted, and the reset after a wrong HMAC.
 */
import { toHex } from '../protocol/bytes/hex.js';
import { equalOctets } from '../protocol/bytes/octets.js';
import { joinHmac64, joinHmac160 } from '../protocol/keys/join-hmac.js';
import type { MptcpOption } from '../protocol/mptcp/option.js';
import { TcpFlag } from '../protocol/wire/packet.js';
import { type Connection, type Host, type HostState, maybeTranslated, otherHost } from './conversation/connection.js';
import { endpointText } from './conversation/endpoint.js';
import { hasPayload, otherEnd } from './conversation/segment.js';
import { hostAt } from './conversation/subflow.js';
import { judgeJoinAfterFallback } from './fallback.js';
import type { Rule } from './rule.js';
import { find, judge, keep, note, type Sight } from './sight.js';

export const joinRules = {
  reserved: {
    name: 'join-reserved-bits',
    requirement: 'RFC6824-3.2-12',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The reserved bits of every MP_JOIN are zero.',
    needs: 'the segment',
  },
  forbidden: {
    name: 'join-after-flag-c',
    requirement: 'RFC8684-3.1-26',
    level: 'MUST',
    binds: 'both',
    of: [1],
    says: 'No subflow is opened towards the address and port of a host that set flag C.',
    needs: 'the handshake of the initial subflow',
  },
  beforeDss: {
    name: 'join-before-dss',
    requirement: 'RFC6824-3.1-07',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    declared: { point: 'join.before_dss', binds: ['forbid'] },
    says: 'No subflow is opened before a DSS of the peer was received on the initial one.',
    needs: 'every segment of the initial subflow',
  },
  addressId: {
    name: 'address-id-of-one-address',
    requirement: 'RFC6824-3.4-02',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'An Address ID stands for one address of its host within a connection.',
    needs: 'the joins of the connection',
  },
  hmac: {
    name: 'join-hmac',
    requirement: { 0: 'RFC6824-3.2-04', 1: 'RFC8684-3.2-05' },
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The HMAC of an MP_JOIN is computed from the keys of the connection and the nonces of the subflow.',
    needs: 'both keys and both nonces',
  },
  wrongHmacB: {
    name: 'reset-after-wrong-hmac-b',
    requirement: 'RFC6824-3.2-06',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A host that opens a subflow resets it when the HMAC of the SYN/ACK is wrong.',
    needs: 'both keys and both nonces',
  },
  wrongHmacA: {
    name: 'reset-after-wrong-hmac-a',
    requirement: 'RFC6824-3.2-07',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A host that accepts a subflow resets it when the HMAC of the third segment is wrong.',
    needs: 'both keys and both nonces',
  },
  plainAnswer: {
    name: 'reset-after-plain-join-answer',
    requirement: 'RFC6824-3.2-08',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'A SYN/ACK without MP_JOIN that answers a join is answered with a reset.',
    needs: 'SYN and SYN/ACK of the subflow',
  },
  form: {
    name: 'mp-join-form-of-its-segment',
    requirement: 'RFC6824-3.2-40',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'MP_JOIN has 12 octets on a SYN, 16 on a SYN/ACK and 24 on other segments.',
    needs: 'the segment',
  },
  earlyData: {
    name: 'no-data-before-the-fourth-ack',
    requirement: 'RFC6824-3.2-10',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    says: 'A host that opens a subflow sends no data on it before its third segment was acknowledged.',
    needs: 'every segment of the subflow',
  },
  token: {
    name: 'join-token',
    requirement: 'RFC6824-3.2-01',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: "A join names a connection by the token of the peer's key.",
    needs: 'the handshake of the connection',
  },
} as const satisfies Readonly<Record<string, Rule>>;

type MpJoin = Extract<MptcpOption, { option: 'mp_join' }>;

const formOn = (flags: number): MpJoin['form'] =>
  (flags & TcpFlag.SYN) === 0 ? 'ack' : (flags & TcpFlag.ACK) === 0 ? 'syn' : 'syn/ack';

/** An MP_JOIN on any segment. */
export function judgeJoinForm(sight: Sight, { form }: MpJoin): void {
  const due = formOn(sight.segment.tcp.flags);
  // After crossing SYNs the opener of either flow repeats its MP_JOIN on a SYN/ACK (RFC 9293 section 3.5).
  if (due === 'syn/ack' && (sight.segment.sender === 'opener' || sight.subflow.displaces)) return;
  judge(sight, joinRules.form, form === due, () => `MP_JOIN has the form of the ${form}, that of the ${due} was due`);
}

/** Payload on a subflow that was joined (RFC 8684 section 3.2). */
export function judgeEarlyData(sight: Sight): void {
  const { segment, subflow, vantage } = sight;
  if (subflow.synJoin === undefined || segment.sender !== 'opener' || !hasPayload(segment)) return;
  if (subflow.joinAnswered === true) keep(sight, joinRules.earlyData);
  else if (vantage === 'peer') judge(sight, joinRules.earlyData, false, () => 'the third segment was not acknowledged');
  else note(sight, 'unknown', joinRules.earlyData, () => 'the ACK of the third segment was not captured');
}

/** A SYN with MP_JOIN whose token names a connection; `opener` is the host that sends it. */
export function judgeJoinSyn(sight: Sight, connection: Connection, opener: Host): void {
  const { segment, subflow } = sight;
  const option = find(segment.tcp.mptcp, 'mp_join');
  if (option?.form !== 'syn') return;
  judge(sight, joinRules.reserved, option.reserved === 0, () => 'reserved bits of MP_JOIN are set');
  judgeAddressId(sight, connection, opener, option.addressId, subflow.opener.address);
  judgeJoinAfterFallback(sight, connection.hosts[opener]);
  const listener = connection.hosts[otherHost(opener)];
  judge(
    sight,
    joinRules.forbidden,
    !(listener.forbidsJoins && listener.initialEndpoint === endpointText(subflow.listener)),
    () => `MP_JOIN towards ${listener.initialEndpoint}, whose MP_CAPABLE had flag C`,
  );
  judgeHaste(sight, connection.hosts[opener], listener);
}

/**
 * No join before a DSS of the peer (RFC 8684 section 3.1). An ADD_ADDR with a right HMAC proves the same, although the
 * text does not name it; Linux joins after one. Captures lose frames: it is certain that there was no DSS only if no
 * other frame implies one.
 */
function judgeHaste(sight: Sight, opener: HostState, listener: HostState): void {
  const { segment, subflow } = sight;
  const id = joinRules.beforeDss;
  // An address other than that of the initial subflow must have been announced, whether that was captured or not.
  if (listener.initialEndpoint !== endpointText(subflow.listener)) listener.promptedBy ??= segment.frame;
  const { firstDss, provenBy, promptedBy } = listener;
  if (firstDss !== undefined) keep(sight, id);
  else if (provenBy !== undefined) note(sight, 'unknown', id, () => 'joined on an ADD_ADDR before any DSS', [provenBy]);
  else if (opener.key === undefined || listener.key === undefined)
    note(sight, 'unknown', id, () => 'the third segment of the initial subflow was not captured');
  else if (promptedBy !== undefined)
    note(sight, 'unknown', id, () => 'the DSS or ADD_ADDR that was due was not captured', [promptedBy]);
  else judge(sight, id, false, () => 'MP_JOIN before any DSS of the peer on the initial subflow');
}

/**
 * One address for an Address ID (RFC 8684 section 3.2), learned from its first use: `address` is that of the flow at
 * `host`.
 */
export function judgeAddressId(
  sight: Sight,
  connection: Connection,
  host: Host,
  addressId: number,
  address: string,
  rule: Rule = joinRules.addressId,
): void {
  const state = connection.hosts[host];
  state.addressIds ??= new Map();
  // Address ID 0 is that of the initial subflow (RFC 8684 section 3.2); with RobE any of several flows may be the initial
  // one.
  if (addressId === 0 && connection.equals !== true)
    state.addressIds.set(
      0,
      state.addressIds.get(0) ?? { address: state.initialAddress, frame: sight.segment.frame, by: 'header' },
    );
  const known = state.addressIds.get(addressId);
  if (known === undefined) {
    state.addressIds.set(addressId, { address, frame: sight.segment.frame, by: 'header' });
    return;
  }
  const sentence = (): string => `Address ID ${addressId} stands for ${address}, before for ${known.address}`;
  if (known.address === address) keep(sight, rule);
  else if (sight.vantage === 'peer') judge(sight, rule, false, sentence, [known.frame]);
  else note(sight, 'unknown', rule, () => `${sentence()}; ${maybeTranslated}`, [known.frame]);
}

/** A SYN/ACK or third segment with MP_JOIN on a subflow that belongs to a connection. */
export function judgeJoinHmac(sight: Sight): void {
  const { segment, subflow } = sight;
  const option = find(segment.tcp.mptcp, 'mp_join');
  if (option === undefined || option.form === 'syn') return;
  judge(sight, joinRules.reserved, option.reserved === 0, () => 'reserved bits of MP_JOIN are set');
  const { connection, openedBy, synJoin } = subflow;
  const synAck = option.form === 'syn/ack' ? option : subflow.synAckJoin?.option;
  if (connection === undefined || openedBy === undefined || synJoin === undefined || synAck === undefined) {
    const why = synJoin === undefined || synAck === undefined ? 'the nonces were' : 'the handshake with the keys was';
    note(sight, 'unknown', joinRules.hmac, () => `${why} not captured`);
    return;
  }
  const sender = hostAt(openedBy, segment.sender);
  const localKey = connection.hosts[sender].key;
  const remoteKey = connection.hosts[otherHost(sender)].key;
  if (localKey === undefined || remoteKey === undefined) {
    note(sight, 'unknown', joinRules.hmac, () => 'a key of the connection was not captured');
    return;
  }
  const opens = segment.sender === 'opener';
  const secrets = {
    localKey,
    remoteKey,
    localNonce: opens ? synJoin.option.nonce : synAck.nonce,
    remoteNonce: opens ? synAck.nonce : synJoin.option.nonce,
  };
  const expected = (option.form === 'syn/ack' ? joinHmac64 : joinHmac160)(connection.version, secrets);
  const right = equalOctets(option.hmac, expected);
  judge(
    sight,
    joinRules.hmac,
    right,
    () => `the HMAC of MP_JOIN is ${toHex(option.hmac)}, expected ${toHex(expected)}`,
    [synJoin.frame, subflow.synAckJoin?.frame],
  );
  if (option.form === 'syn/ack' && right)
    judgeAddressId(sight, connection, sender, option.addressId, subflow.listener.address);
  if (!right) subflow.wrongHmac ??= { sender: segment.sender, frame: segment.frame };
}

/**
 * A receiver must reset the subflow after a wrong HMAC. It continues instead if it confirms the MP_JOIN, or sends data. A
 * bare ACK may have been under way already.
 */
export function judgeAfterWrongHmac(sight: Sight): void {
  const { segment, subflow } = sight;
  const { wrongHmac } = subflow;
  if (wrongHmac === undefined || segment.sender !== otherEnd(wrongHmac.sender)) return;
  const rule = wrongHmac.sender === 'listener' ? joinRules.wrongHmacB : joinRules.wrongHmacA;
  const wentOn = hasPayload(segment) || find(segment.tcp.mptcp, 'mp_join') !== undefined;
  const reset = (segment.tcp.flags & TcpFlag.RST) !== 0;
  if (!reset && !wentOn) return;
  judge(sight, rule, reset, () => 'the subflow goes on after a wrong HMAC, a RST was due', [wrongHmac.frame]);
}

/** A SYN/ACK to a join without MP_JOIN: the opener resets (RFC 8684 section 3.2). */
export function judgeAfterPlainJoinAnswer(sight: Sight): void {
  const { segment, subflow } = sight;
  if (subflow.synJoin === undefined || subflow.plainSynAck === undefined || segment.sender !== 'opener') return;
  const reset = (segment.tcp.flags & TcpFlag.RST) !== 0;
  if (!reset && !hasPayload(segment)) return;
  judge(
    sight,
    joinRules.plainAnswer,
    reset,
    () => 'data on a joining flow whose SYN/ACK had no MP_JOIN, a RST was due',
    [subflow.plainSynAck],
  );
}
