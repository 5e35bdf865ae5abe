/**
 * The three segments of an MP_CAPABLE handshake (RFC 6824 and RFC 8684, section 3.1): who may offer and answer what, and
 * whose keys the third segment repeats.
 */
import { type MpCapable, MpCapableFlag } from '../../protocol/mptcp/option.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { FoundMptcpOption } from '../../protocol/wire/tcp-options.js';
import { acknowledgesSyn } from '../subflow.js';
import { find, hex64, judge, type Sight } from './sight.js';

/** C to H in version 0, D to H in version 1. */
const cryptoBits = { 0: 0x3f, 1: 0x1f } as const;

/** The ids of what both versions ask under different numbers. */
const ids = {
  syn: { 0: 'RFC6824-3.1-01', 1: 'RFC8684-3.1-01' },
  synAck: { 0: 'RFC6824-3.1-02', 1: 'RFC8684-3.1-02' },
  third: { 0: 'RFC6824-3.1-03', 1: 'RFC8684-3.1-03' },
} as const;

const versionOf = (option: MpCapable): 0 | 1 => (option.version === 0 ? 0 : 1);

/** The SYN of the opener. */
export function judgeSyn(sight: Sight): void {
  const { segment } = sight;
  judgeBrokenOption(sight);
  const option = find(segment.tcp.mptcp, 'mp_capable');
  if (option === undefined) return;
  const keyed = option.key !== undefined;
  judge(sight, ids.syn[versionOf(option)], keyed === (option.version === 0) && option.peerKey === undefined, () =>
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
    if (path.includes('mp_capable_v0')) judge(sight, ids.syn[0], false, () => why);
    else if (path.includes('mp_capable')) judge(sight, ids.syn[1], false, () => why);
    else if (path.includes('mp_join')) judge(sight, 'RFC6824-3.2-01', false, () => why);
  }
}

const judgeFlags = (sight: Sight, option: MpCapable): void =>
  judge(sight, 'RFC6824-3.1-10', (option.flags & MpCapableFlag.B) === 0, () => 'MP_CAPABLE has flag B set');

/** The SYN/ACK of the listener. */
export function judgeSynAck(sight: Sight): void {
  const { segment, subflow } = sight;
  judgeAcknowledgment(sight);
  const option = find(segment.tcp.mptcp, 'mp_capable');
  if (option === undefined || subflow.opener.isn === undefined) return;
  const offer = subflow.synCapable;
  judge(sight, 'RFC6824-3.1-19', offer !== undefined, () => 'the SYN/ACK carries MP_CAPABLE, the SYN did not', [
    subflow.opener.synFrame,
  ]);
  if (offer === undefined) return;
  judge(
    sight,
    ids.synAck[versionOf(option)],
    option.key !== undefined && option.peerKey === undefined,
    () => 'MP_CAPABLE of the SYN/ACK does not carry exactly one key',
  );
  judge(
    sight,
    'RFC8684-3.1-14',
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
      'DERIVED-KEY-01',
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
    'RFC9293-3.10.7-01',
    acknowledgesSyn(subflow.opener, segment.tcp.ack),
    () => `the SYN/ACK acknowledges ${segment.tcp.ack}, expected ${seqAdd(isn, 1)}`,
    [synFrame],
  );
}

function judgeCrypto(sight: Sight, answer: MpCapable, offer: MpCapable, offeredIn: number): void {
  const offered = offer.flags & cryptoBits[versionOf(offer)];
  const chosen = answer.flags & cryptoBits[versionOf(answer)];
  if (offered === 0) {
    const requirement = offer.version === 0 ? 'RFC6824-3.1-13' : 'RFC8684-3.1-22';
    judge(sight, requirement, false, () => 'MP_CAPABLE without any crypto bit was answered with one', [offeredIn]);
    return;
  }
  const single = chosen !== 0 && (chosen & (chosen - 1)) === 0;
  judge(
    sight,
    'RFC6824-3.1-17',
    single && (chosen & offered) === chosen,
    () => `crypto bits 0x${chosen.toString(16)} answer an offer of 0x${offered.toString(16)}`,
    [offeredIn],
  );
}

/** A segment with MP_CAPABLE and without SYN: the third one, or the first data in version 1. */
export function judgeConfirmation(sight: Sight): void {
  const { segment, subflow } = sight;
  const option = find(segment.tcp.mptcp, 'mp_capable');
  if (option === undefined || segment.sender !== 'opener') return;
  const { synCapable, synAckCapable, plainSynAck } = subflow;
  const version = versionOf(option);
  if (plainSynAck !== undefined) return;
  judge(
    sight,
    ids.third[version],
    option.key !== undefined && option.peerKey !== undefined,
    () => 'the third segment does not carry both keys',
  );
  judgeFlags(sight, option);
  if (synAckCapable === undefined) {
    sight.notes.unknown('DERIVED-KEY-02', subflow, [segment.frame], () => 'the SYN/ACK was not captured');
    return;
  }
  const expected = synAckCapable.option.key;
  judge(
    sight,
    'DERIVED-KEY-02',
    option.peerKey === expected,
    () => `the third segment repeats receiver key ${hex64(option.peerKey)}, expected ${hex64(expected)}`,
    [synAckCapable.frame],
  );
  if (version === 0 && synCapable !== undefined)
    judge(
      sight,
      ids.third[0],
      option.key === synCapable.option.key,
      () => `the third segment has sender key ${hex64(option.key)}, the SYN ${hex64(synCapable.option.key)}`,
      [synCapable.frame],
    );
  if (synCapable === undefined) return;
  const asked = ((synCapable.option.flags | synAckCapable.option.flags) & MpCapableFlag.A) !== 0;
  judge(
    sight,
    'RFC6824-3.1-16',
    ((option.flags & MpCapableFlag.A) !== 0) === asked,
    () => `the third segment says ${asked ? 'no checksums' : 'checksums'}, the handshake agreed on the opposite`,
    [synCapable.frame, synAckCapable.frame],
  );
}

/** Behind a SYN/ACK without MPTCP the flow is plain TCP: no MPTCP option from either end (RFC 8684 section 3.1). */
export function judgeFallback(sight: Sight): void {
  const { segment, subflow } = sight;
  const { plainSynAck, plainSyn, synCapable, synAckCapable } = subflow;
  if (plainSynAck === undefined || synCapable === undefined || plainSyn || synAckCapable !== undefined) return;
  const option = segment.tcp.mptcp.find(isReadable);
  judge(
    sight,
    segment.sender === 'opener' ? 'RFC6824-3.1-18' : 'RFC8684-3.1-19',
    option === undefined,
    () => `${option?.option ?? ''} on a flow whose SYN/ACK had no MP_CAPABLE`,
    [plainSynAck],
  );
}

/** Whether an option of kind 30 could be read. */
export const isReadable = ({ option }: FoundMptcpOption): boolean => option !== 'malformed';
