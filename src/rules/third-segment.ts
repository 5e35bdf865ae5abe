/**
 * After SYN and SYN/ACK: the third segment of an MP_CAPABLE handshake, which repeats the keys, and MPTCP options on a
 * flow whose handshake ended without MPTCP (RFC 6824 and RFC 8684, section 3.1).
 */
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import type { FoundMptcpOption } from '../protocol/wire/tcp-options.js';
import { judgeFlags, versionOf } from './handshake.js';
import type { Rule } from './rule.js';
import { find, hex64, inVersion, judge, note, type Sight } from './sight.js';

export const thirdSegmentRules = {
  thirdForm: {
    name: 'mp-capable-third-form',
    requirement: { 0: 'RFC6824-3.1-03', 1: 'RFC8684-3.1-03' },
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    says: 'The MP_CAPABLE of the third segment carries both keys.',
    needs: 'the segment',
  },
  echoedKey: {
    name: 'third-segment-echoes-the-key',
    requirement: 'DERIVED-KEY-02',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    says: "The third segment repeats the server's key received on its own flow.",
    needs: 'the SYN/ACK',
  },
  sameKeyA: {
    name: 'third-segment-repeats-key-a',
    requirement: 'RFC6824-3.1-03',
    level: 'MUST',
    binds: 'client',
    of: [0],
    says: 'The third segment repeats the key of the SYN.',
    needs: 'the SYN',
  },
  agreedChecksums: {
    name: 'checksum-flag-agreed',
    requirement: 'RFC6824-3.1-16',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    says: 'The third segment has flag A set exactly if SYN or SYN/ACK had it set.',
    needs: 'SYN and SYN/ACK',
  },
  plainClient: {
    name: 'plain-after-plain-syn-ack',
    requirement: 'RFC6824-3.1-18',
    level: 'MUST',
    binds: 'client',
    of: [0, 1],
    says: 'After a SYN/ACK without MP_CAPABLE the client sends no MPTCP option.',
    needs: 'SYN and SYN/ACK',
  },
  plainServer: {
    name: 'plain-after-own-plain-syn-ack',
    requirement: 'RFC8684-3.1-19',
    level: 'MUST',
    binds: 'server',
    of: [0, 1],
    says: 'After a SYN/ACK without MP_CAPABLE the server sends no MPTCP option.',
    needs: 'SYN and SYN/ACK',
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** A segment with MP_CAPABLE and without SYN: the third one, or the first data in version 1. */
export function judgeConfirmation(sight: Sight): void {
  const { segment, subflow } = sight;
  const option = find(segment.tcp.mptcp, 'mp_capable');
  if (option === undefined || segment.sender !== 'opener') return;
  const { synCapable, synAckCapable, plainSynAck } = subflow;
  const version = versionOf(option);
  if (plainSynAck !== undefined) return;
  const what = subflow.listener.firstDataAck === undefined ? 'the third segment' : 'MP_CAPABLE after the handshake';
  judge(
    inVersion(sight, version),
    thirdSegmentRules.thirdForm,
    option.key !== undefined && option.peerKey !== undefined,
    () => `${what} does not carry both keys`,
  );
  judgeFlags(sight, option);
  if (synAckCapable === undefined) {
    note(sight, 'unknown', thirdSegmentRules.echoedKey, () => 'the SYN/ACK was not captured');
    return;
  }
  const expected = synAckCapable.option.key;
  judge(
    sight,
    thirdSegmentRules.echoedKey,
    option.peerKey === expected,
    () => `${what} repeats receiver key ${hex64(option.peerKey)}, expected ${hex64(expected)}`,
    [synAckCapable.frame],
  );
  if (version === 0 && synCapable !== undefined)
    judge(
      sight,
      thirdSegmentRules.sameKeyA,
      option.key === synCapable.option.key,
      () => `${what} has sender key ${hex64(option.key)}, the SYN ${hex64(synCapable.option.key)}`,
      [synCapable.frame],
    );
  if (synCapable === undefined) return;
  const asked = ((synCapable.option.flags | synAckCapable.option.flags) & MpCapableFlag.A) !== 0;
  judge(
    sight,
    thirdSegmentRules.agreedChecksums,
    ((option.flags & MpCapableFlag.A) !== 0) === asked,
    () => `${what} says ${asked ? 'no checksums' : 'checksums'}, the handshake agreed on the opposite`,
    [synCapable.frame, synAckCapable.frame],
  );
}

/** After a SYN/ACK without MPTCP the flow is plain TCP: no MPTCP option from either end (RFC 8684 section 3.1). */
export function judgeFallback(sight: Sight): void {
  const { segment, subflow } = sight;
  const { plainSynAck, plainSyn, synCapable, synAckCapable } = subflow;
  if (plainSynAck === undefined || synCapable === undefined || plainSyn || synAckCapable !== undefined) return;
  const option = segment.tcp.mptcp.find(isReadable);
  judge(
    sight,
    segment.sender === 'opener' ? thirdSegmentRules.plainClient : thirdSegmentRules.plainServer,
    option === undefined,
    () => `${option?.option ?? ''} on a flow whose SYN/ACK had no MP_CAPABLE`,
    [plainSynAck],
  );
}

/** Whether an option of kind 30 could be read. */
export const isReadable = ({ option }: FoundMptcpOption): boolean => option !== 'malformed';
