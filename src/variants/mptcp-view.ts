/**
 * What the wire of a host tells of its MPTCP connections: keys, versions, whether a flow still carries MPTCP, and an ACK of
 * its own for a signal. Habits go by it, because they know nothing of the host's insides.
 */
import type { Passing } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { findAny, isBareAck, isReset, isSyn, isSynAck, redraft } from '../mutants/segment.js';
import { MpCapableFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { seqAdd } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { carriesMptcp } from '../reference/mptcp/capable.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import type { Departure } from './habit.js';

export interface Keys {
  readonly version: 0 | 1;
  readonly own: bigint;
  readonly peer: bigint;
}

/** The keys of the handshake on that flow, with this segment if it carries one; undefined: not both are known. */
export const keysOf = ({ flow, tcp }: Passing, way: 'in' | 'out'): Keys | undefined => {
  const named = findAny(tcp, 'mp_capable')?.key;
  const own = flow.key('out') ?? (way === 'out' ? named : undefined);
  const peer = flow.key('in') ?? (way === 'in' ? named : undefined);
  const option = [...flow.segments('out'), tcp].map((segment) => findAny(segment, 'mp_capable')).find((each) => each);
  if (own === undefined || peer === undefined || option === undefined) return undefined;
  return { version: option.version === 0 ? 0 : 1, own, peer };
};

/** The ACK that completes a handshake with MP_CAPABLE and leaves no doubt: a listener takes it for nothing else. */
export const completesHandshake = ({ tcp, flow }: Passing): boolean => {
  const [capable, another] = tcp.options.filter((option) => option.option === 'mp_capable');
  const syn = flow.segments('in').find(isSyn);
  const answer = flow.segments('out').findLast(isSynAck);
  if (capable?.option !== 'mp_capable' || another !== undefined || syn === undefined || answer === undefined)
    return false;
  const [offered, answered] = [findAny(syn, 'mp_capable'), findAny(answer, 'mp_capable')];
  if (offered === undefined || answered === undefined) return false;
  const checksum = (offered.flags | answered.flags) & MpCapableFlag.A;
  return (
    isBareAck(tcp) &&
    !flow.reset &&
    !flow.segments('in').some((each) => !hasFlag(each, TcpFlag.SYN)) &&
    tcp.seq === seqAdd(syn.seq, 1) &&
    tcp.ack === seqAdd(answer.seq, 1) &&
    tcp.options.every(({ option }) => option === 'mp_capable' || option === 'timestamps' || option === 'nop') &&
    capable.version === answered.version &&
    capable.peerKey === answered.key &&
    (offered.key === undefined || capable.key === offered.key) &&
    capable.dataLength === undefined &&
    capable.flags === (checksum | MpCapableFlag.H)
  );
};

const isOrdinary = (tcp: Tcp): boolean => !hasFlag(tcp, TcpFlag.SYN) && !isReset(tcp);

/** A flow on which MPTCP goes on: the latest ordinary segment of the host carried an option of it, and nobody left. */
export const carriesOn = (flow: FlowHistory): boolean => {
  const latest = flow.segments('out').findLast(isOrdinary);
  const ends = [...flow.segments('in'), ...flow.segments('out')].some(
    (tcp) => isReset(tcp) || hasFlag(tcp, TcpFlag.FIN),
  );
  return latest !== undefined && carriesMptcp(latest) && !ends && !flow.segments('in').some(endsMptcp);
};

/** MP_FAIL, MP_FASTCLOSE and an infinite mapping. */
const endsMptcp = (tcp: Tcp): boolean =>
  tcp.options.some(
    (option) =>
      option.option === 'mp_fail' ||
      option.option === 'mp_fastclose' ||
      (option.option === 'dss' && option.dsn !== undefined && option.dataLength === 0),
  );

/** An ACK of its own with these options, after the segment that `packet` is. */
export const ackAfter = (path: number, packet: TcpPacket, options: readonly TcpOption[]): Departure => ({
  path,
  draft: redraft(packet, {
    seq: seqAdd(packet.tcp.seq, segmentLength(packet.tcp)),
    flags: TcpFlag.ACK,
    payload: new Uint8Array(0),
    options: [...companions(packet.tcp), ...options],
  }),
});

/** The timestamps of a segment, aligned as it had them. */
export const companions = ({ options }: Tcp): readonly TcpOption[] => {
  const timestamps = options.find(({ option }) => option === 'timestamps');
  return timestamps === undefined ? [] : [{ option: 'nop' }, { option: 'nop' }, timestamps];
};
