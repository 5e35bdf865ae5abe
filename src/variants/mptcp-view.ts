/**
 * What the wire of a host tells of its MPTCP connections: keys, versions, whether a flow still carries MPTCP, and an ACK of
 * its own for a signal. Habits go by it, because they know nothing of the host's insides.
 */
import type { Passing } from '../mutants/fault.js';
import type { FlowHistory } from '../mutants/flow-history.js';
import { type Change, findAny, isData, isReset, redraft, withEdited } from '../mutants/segment.js';
import { type Dss, DssFlag } from '../protocol/mptcp/option.js';
import { type Tcp, TcpFlag, type TcpPacket } from '../protocol/wire/packet.js';
import { type Seq, seqAdd } from '../protocol/wire/seq.js';
import type { TcpOption } from '../protocol/wire/tcp-option.js';
import { optionsLength } from '../protocol/wire/tcp-options.js';
import { carriesMptcp } from '../reference/mptcp/capable.js';
import { optionSpace } from '../reference/tcp/companions.js';
import { hasFlag, segmentLength } from '../reference/tcp/flow.js';
import type { Departure } from './habit.js';

export interface Keys {
  readonly version: 0 | 1;
  readonly own: bigint;
  readonly peer: bigint;
}

/** The keys of the handshake on a flow on which the host sends this segment; undefined: they are not known for certain. */
export const keysOf = ({ flow, flows, tcp }: Passing): Keys | undefined => {
  const own = flow.key('out') ?? findAny(tcp, 'mp_capable')?.key;
  const peer = flow.key('in');
  const option = [...flow.segments('out'), tcp].map((segment) => findAny(segment, 'mp_capable')).find((each) => each);
  if (own === undefined || peer === undefined || option === undefined) return undefined;
  // A join by another key than this flow's: which of them counts, the wire does not tell.
  const joined = flows.flatMap((each) => each.segments('in')).map((each) => findAny(each, 'mp_join_cap')?.key);
  if (joined.some((key) => key !== undefined && key !== peer)) return undefined;
  return { version: option.version === 0 ? 0 : 1, own, peer };
};

const isOrdinary = (tcp: Tcp): boolean => !hasFlag(tcp, TcpFlag.SYN) && !isReset(tcp);

/** A flow on which MPTCP goes on: the latest ordinary segment of the host carried an option of it, and nobody left. */
const carriesOn = (flow: FlowHistory): boolean => {
  const latest = flow.segments('out').findLast(isOrdinary);
  return latest !== undefined && carriesMptcp(latest) && goesOn(flow);
};

/** Neither the flow nor MPTCP on it has ended. */
const goesOn = (flow: FlowHistory): boolean =>
  ![...flow.segments('in'), ...flow.segments('out')].some((tcp) => isReset(tcp) || hasFlag(tcp, TcpFlag.FIN)) &&
  !flow.segments('in').some(endsMptcp);

/** The same for what is still owed for a mapping that came, where the ACKs since then went without MPTCP as they told nothing new. */
export const ackOwed = (flow: FlowHistory, options: readonly TcpOption[]): readonly Departure[] => {
  const packet = flow.latest('out');
  const seq = flow.next('out');
  const latest = flow.segments('in').findLast(isData);
  const owes = latest !== undefined && findAny(latest, 'dss')?.dsn !== undefined && goesOn(flow);
  return packet === undefined || seq === undefined || !owes ? [] : [ackAt(flow.path, packet, seq, options)];
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
export const ackAfter = (path: number, packet: TcpPacket, options: readonly TcpOption[]): Departure =>
  ackAt(path, packet, seqAdd(packet.tcp.seq, segmentLength(packet.tcp)), options);

/** An ACK of its own with these options on a flow as it is now, with its window or a newer one; nothing where MPTCP has ended on it. */
export const ackLater = (flow: FlowHistory, options: readonly TcpOption[], window?: number): readonly Departure[] => {
  const packet = flow.latest('out');
  const seq = flow.next('out');
  if (packet === undefined || seq === undefined || !carriesOn(flow)) return [];
  const { path, draft } = ackAt(flow.path, packet, seq, options);
  return [{ path, draft: window === undefined ? draft : { ...draft, tcp: { ...draft.tcp, window } } }];
};

const ackAt = (path: number, packet: TcpPacket, seq: Seq, options: readonly TcpOption[]): Departure => ({
  path,
  draft: redraft(packet, {
    seq,
    flags: TcpFlag.ACK,
    payload: new Uint8Array(0),
    options: fitted(companions(packet.tcp), options),
  }),
});

/** Without what aligns them where there is no room for it. */
const fitted = (beside: readonly TcpOption[], options: readonly TcpOption[]): readonly TcpOption[] => {
  const aligned = [...beside, ...options];
  return optionsLength(aligned) <= optionSpace ? aligned : aligned.filter(({ option }) => option !== 'nop');
};

/** The timestamps of a segment, aligned as it had them. */
const companions = ({ options }: Tcp): readonly TcpOption[] => {
  const timestamps = options.find(({ option }) => option === 'timestamps');
  return timestamps === undefined ? [] : [{ option: 'nop' }, { option: 'nop' }, timestamps];
};

/**
 * Of the same connection as the flow that tells a Data ACK: random numbers of 64 bits are not that near to each other by chance. Where the
 * peer uses one key for several connections, the numbers of both ends have to say so.
 */
export const isRelated = (
  flow: FlowHistory,
  dataAck: bigint,
  { flow: teller, flows }: Pick<Passing, 'flow' | 'flows'>,
): boolean => {
  const hears = flow.segments('out').some((tcp) => {
    const other = findAny(tcp, 'dss');
    return other?.ack !== undefined && (other.flags & DssFlag.a) !== 0 && isNear(dataAck, other.ack);
  });
  if (!hears || !sharesKey(flows)) return hears;
  const [one, two] = [ownDsn(flow), ownDsn(teller)];
  return one !== undefined && two !== undefined && isNear(one, two);
};

/** One key of the peer opened several flows. */
const sharesKey = (flows: readonly FlowHistory[]): boolean => {
  const keys = flows.flatMap((each) => each.key('in') ?? []);
  return new Set(keys).size < keys.length;
};

const isNear = (one: bigint, other: bigint): boolean => {
  const distance = BigInt.asIntN(64, one - other);
  return distance > -0x1_0000_0000n && distance < 0x1_0000_0000n;
};

/** A number of the host's own data sequence, as far as a mapping told all of it. */
const ownDsn = (flow: FlowHistory): bigint | undefined =>
  flow
    .segments('out')
    .flatMap((tcp) => findAny(tcp, 'dss') ?? [])
    .find(({ dsn, flags }) => dsn !== undefined && (flags & DssFlag.m) !== 0)?.dsn;

/** What was held back acknowledges, and tells as its window, what the host has told since. */
export const acknowledgingAs = (flow: FlowHistory, held: Tcp): Change => {
  const latest = flow.latest('out')?.tcp ?? held;
  const told = findAny(latest, 'dss');
  return {
    ack: latest.ack,
    window: latest.window,
    ...withEdited(held, 'dss', (dss) => (dss.ack === undefined ? dss : withDataAck(dss, told))),
  };
};

/** The Data ACK of one DSS on another. */
const withDataAck = (dss: Dss, from: Dss | undefined): Dss =>
  from?.ack === undefined
    ? dss
    : { ...dss, ack: from.ack, flags: (dss.flags & ~DssFlag.a) | (from.flags & (DssFlag.A | DssFlag.a)) };

/** What was held back tells no less of the connection than its other flows have told since. */
export const tellingAs = (held: Tcp, passing: Pick<Passing, 'flow' | 'flows'>): Change => {
  const own = findAny(held, 'dss');
  if (own?.ack === undefined) return {};
  const { ack } = own;
  let latest = { tcp: held, dss: own };
  for (const tcp of passing.flows.flatMap((each) => (isRelated(each, ack, passing) ? each.segments('out') : []))) {
    const dss = findAny(tcp, 'dss');
    if (dss?.ack === undefined || (dss.flags & DssFlag.a) === 0) continue;
    const ahead = BigInt.asIntN(64, dss.ack - (latest.dss.ack ?? ack));
    if (ahead > 0n || (ahead === 0n && tcp.window > latest.tcp.window)) latest = { tcp, dss };
  }
  return { window: latest.tcp.window, ...withEdited(held, 'dss', (dss) => withDataAck(dss, latest.dss)) };
};
