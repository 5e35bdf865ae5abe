/**
 * SYN and SYN/ACK of an MP_CAPABLE handshake (RFC 6824 and RFC 8684, section 3.1): who may offer and answer what.
 */
import { type MpCapable, MpCapableFlag } from '../protocol/mptcp/option.js';
import { seqAdd } from '../protocol/wire/seq.js';
import { acknowledgesSyn } from './conversation/subflow.js';
import type { Rule } from './rule.js';
import { find, hex64, inVersion, judge, type Sight } from './sight.js';

/** C to H in version 0, D to H in version 1. */
const cryptoBits = { 0: 0x3f, 1: 0x1f } as const;

export const handshakeRules = {
  synForm: {
    name: 'mp-capable-syn-form',
    requirement: { 0: 'RFC6824-3.1-01', 1: 'RFC8684-3.1-01' },
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    says: 'The MP_CAPABLE of a SYN carries exactly one key in version 0 and none in version 1.',
    needs: 'the segment',
  },
  synAckForm: {
    name: 'mp-capable-syn-ack-form',
    requirement: { 0: 'RFC6824-3.1-02', 1: 'RFC8684-3.1-02' },
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: "The MP_CAPABLE of a SYN/ACK carries exactly the server's key.",
    needs: 'the segment',
  },
  joinSynForm: {
    name: 'mp-join-syn-form',
    requirement: 'RFC6824-3.2-01',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'The MP_JOIN of a SYN has twelve octets: B, Address ID, token and nonce.',
    needs: 'the segment',
  },
  flagB: {
    name: 'mp-capable-flag-b',
    requirement: 'RFC6824-3.1-10',
    level: 'MUST',
    binds: 'both',
    of: [0, 1],
    says: 'Flag B of MP_CAPABLE is zero.',
    needs: 'the segment',
  },
  unaskedCapable: {
    name: 'mp-capable-unasked',
    requirement: 'RFC6824-3.1-19',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'A SYN without MP_CAPABLE draws a SYN/ACK without it.',
    needs: 'the SYN',
  },
  answeredVersion: {
    name: 'mp-capable-version',
    requirement: 'RFC8684-3.1-14',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'The version of the answer is that of the offer or a lower one.',
    needs: 'the SYN',
  },
  sameKeyB: {
    name: 'syn-ack-repeats-its-key',
    requirement: 'DERIVED-KEY-01',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'A repeated SYN/ACK carries the same key.',
    needs: 'both SYN/ACKs',
  },
  synAcknowledged: {
    name: 'syn-ack-acknowledges-the-syn',
    requirement: 'RFC9293-3.10.7-01',
    level: 'MUST',
    binds: 'server',
    of: 'tcp',
    says: 'A SYN/ACK acknowledges the octet after the initial sequence number of the SYN.',
    needs: 'the SYN',
  },
  noAlgorithm: {
    name: 'mp-capable-without-algorithm',
    requirement: { 0: 'RFC6824-3.1-13', 1: 'RFC8684-3.1-22' },
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'An MP_CAPABLE that offers no algorithm is ignored.',
    needs: 'the SYN',
  },
  oneAlgorithm: {
    name: 'mp-capable-one-algorithm',
    requirement: 'RFC6824-3.1-17',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'The answer names exactly one algorithm, one of those offered.',
    needs: 'the SYN',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export const versionOf = (option: MpCapable): 0 | 1 => (option.version === 0 ? 0 : 1);

/** The SYN of the opener. */
export function judgeSyn(sight: Sight): void {
  const { segment } = sight;
  judgeBrokenOption(sight);
  const option = find(segment.tcp.mptcp, 'mp_capable');
  if (option === undefined) return;
  const keyed = option.key !== undefined;
  const offered = inVersion(sight, versionOf(option));
  judge(offered, handshakeRules.synForm, keyed === (option.version === 0) && option.peerKey === undefined, () =>
    option.version === 0
      ? 'the SYN offers version 0 without exactly one key'
      : `the SYN offers version ${option.version} and carries a key`,
  );
  judgeFlags(sight, option);
}

/** A SYN whose MP_CAPABLE or MP_JOIN cannot be read, from its sender. */
function judgeBrokenOption(sight: Sight): void {
  for (const option of sight.segment.tcp.mptcp) {
    if (option.option !== 'malformed') continue;
    const { path, why } = option.malformed;
    const version = path.includes('mp_capable_v0') ? 0 : 1;
    if (path.includes('mp_capable')) judge(inVersion(sight, version), handshakeRules.synForm, false, () => why);
    else if (path.includes('mp_join')) judge(sight, handshakeRules.joinSynForm, false, () => why);
  }
}

export const judgeFlags = (sight: Sight, option: MpCapable): void =>
  judge(sight, handshakeRules.flagB, (option.flags & MpCapableFlag.B) === 0, () => 'MP_CAPABLE has flag B set');

/** The SYN/ACK of the listener. */
export function judgeSynAck(sight: Sight): void {
  const { segment, subflow } = sight;
  judgeAcknowledgment(sight);
  const option = find(segment.tcp.mptcp, 'mp_capable');
  if (option === undefined || subflow.opener.isn === undefined) return;
  const offer = subflow.synCapable;
  judge(
    sight,
    handshakeRules.unaskedCapable,
    offer !== undefined,
    () => 'the SYN/ACK carries MP_CAPABLE, the SYN did not',
    [subflow.opener.synFrame],
  );
  if (offer === undefined) return;
  judge(
    inVersion(sight, versionOf(option)),
    handshakeRules.synAckForm,
    option.key !== undefined && option.peerKey === undefined,
    () => 'MP_CAPABLE of the SYN/ACK does not carry exactly one key',
  );
  judge(
    sight,
    handshakeRules.answeredVersion,
    option.version <= offer.option.version,
    () => `version ${option.version} answers an offer of version ${offer.option.version}`,
    [offer.frame],
  );
  judgeFlags(sight, option);
  judgeCrypto(sight, option, offer.option, offer.frame);
  const before = subflow.synAckCapable;
  if (before !== undefined)
    judge(
      sight,
      handshakeRules.sameKeyB,
      before.option.key === option.key,
      () => `a repeated SYN/ACK has key ${hex64(option.key)}, the first one ${hex64(before.option.key)}`,
      [before.frame],
    );
}

function judgeAcknowledgment(sight: Sight): void {
  const { segment, subflow } = sight;
  const { isn, synFrame } = subflow.opener;
  if (isn === undefined) return;
  judge(
    sight,
    handshakeRules.synAcknowledged,
    acknowledgesSyn(subflow.opener, segment.tcp.ack),
    () => `the SYN/ACK acknowledges ${segment.tcp.ack}, expected ${seqAdd(isn, 1)}`,
    [synFrame],
  );
}

function judgeCrypto(sight: Sight, answer: MpCapable, offer: MpCapable, offeredIn: number): void {
  const offered = offer.flags & cryptoBits[versionOf(offer)];
  const chosen = answer.flags & cryptoBits[versionOf(answer)];
  if (offered === 0) {
    judge(sight, handshakeRules.noAlgorithm, false, () => 'MP_CAPABLE without any crypto bit was answered with one', [
      offeredIn,
    ]);
    return;
  }
  const single = chosen !== 0 && (chosen & (chosen - 1)) === 0;
  judge(
    sight,
    handshakeRules.oneAlgorithm,
    single && (chosen & offered) === chosen,
    () => `crypto bits 0x${chosen.toString(16)} answer an offer of 0x${offered.toString(16)}`,
    [offeredIn],
  );
}
