/**
 * The named rules by which an unexpected segment may be ignored. Any other unexpected segment fails the case. A step's
 * own expectation is always tried first: a rule never takes a segment that a step expects.
 *
 * - `retransmission`: repeats a segment of its flow octet for octet in sequence space, flags, payload and MPTCP options
 *   (RFC 9293 section 3.8.1). An ACK without data counts only when it carries a handshake option or a DATA_FIN, which a host
 *   repeats until it is acknowledged (RFC 8684 sections 3.2 and 3.3.3).
 * - `bare-ack`: an ACK without data that carries no MPTCP option but a DSS, at the expected number; hosts may send those at any
 *   time (RFC 9293 section 3.8.6). A mapping on it is that of octets to come (RFC 8684 section 3.3.1).
 * - `signal`: as `bare-ack`, on a flow of MPTCP, carrying ADD_ADDR, REMOVE_ADDR or MP_PRIO: hosts may send those at any time
 *   (RFC 8684 sections 3.3.8 and 3.4). The echo of an ADD_ADDR is an answer and none of them.
 * - `copy`: octets, or a DATA_FIN, that came under the same data sequence number before, on another flow or on the same (RFC 8684 section 3.3.6); not during a
 *   silence that says `copies: count`, where the end of the copies is what a case waits for.
 * - `late-ack`: as `bare-ack`, and it tells nothing new: it acknowledges less than was sent, repeats an earlier ACK, as a window
 *   update does, or its Data ACK is missing or has been told before (RFC 8684 section 3.3.2). The ACK for all must follow. Only
 *   where an ACK is waited for.
 * - `keepalive`: as `bare-ack`, one octet before the expected number, with or without one octet (RFC 9293 section 3.8.4).
 * - `join`: a SYN with MP_JOIN that opens a flow which no step has named. Either host may open subflows as its policy has it (RFC
 *   8684 section 3.2), and give it up again by a reset before anybody answered; what is wrong about when, where to and with what it joins is judged by the book of rules. Not during a
 *   silence that says `joins: count`.
 */
import { DssFlag } from '../../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd, seqDiff } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { IgnoreRule } from '../language/ignore-rules.js';
import { dsnIn } from './data-place.js';
import type { Flow } from './flow.js';
import { segmentLength } from './flow.js';
import { isSegment, mptcpOptions } from './match.js';

/** Rules for segments that a host sends of its own accord in any case: they break no silence. */
export const silenceRules: readonly IgnoreRule[] = ['retransmission', 'signal', 'keepalive', 'copy', 'join'];
/** Rules that apply if the step expects an ACK. */
export const rulesBesideAck: readonly IgnoreRule[] = [...silenceRules, 'late-ack'];
/** Rules that apply if the step expects another segment than an ACK. */
export const usualRules: readonly IgnoreRule[] = [...silenceRules, 'bare-ack'];

/** The MPTCP options of a segment that concern its octets: a repetition may acknowledge more, or nothing. */
const optionText = (tcp: Tcp): string =>
  JSON.stringify(mptcpOptions(tcp).flatMap(withoutDataAck), (_, value: unknown) =>
    typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
  );

function withoutDataAck(option: TcpOption): TcpOption | readonly [] {
  if (option.option !== 'dss') return option;
  if (isDataAck(option)) return [];
  const { ack: _, ...mapping } = option;
  return { ...mapping, flags: option.flags & ~(DssFlag.A | DssFlag.a) };
}

const handshakeOptions = new Set<string>(['mp_capable', 'mp_join', 'mp_join_cap']);

function repeats(flow: Flow, tcp: Tcp): boolean {
  // A DATA_FIN is an octet of the data sequence (RFC 8684 section 3.3.3), repeated until it is acknowledged.
  const empty = segmentLength(tcp.flags, tcp.payload.length) === 0 && dataFinOf(tcp) === undefined;
  if (empty && !mptcpOptions(tcp).some((option) => handshakeOptions.has(option.option))) return false;
  const isKnown = flow.seen.some(
    (known) =>
      known.seq === tcp.seq &&
      isSameKind(known.flags, tcp.flags) &&
      Buffer.compare(known.payload, tcp.payload) === 0 &&
      (optionText(known) === optionText(tcp) || isSynWithoutMptcp(tcp)),
  );
  return isKnown || (isSegment(tcp, 'DATA') && repeatsPieces(flow, tcp));
}

/** Octets of which the steps took the first ones and the last ones apart. */
function repeatsPieces({ seen }: Flow, { seq, payload }: Tcp): boolean {
  let at = 0;
  while (at < payload.length) {
    const piece = seen.find(
      (known) =>
        known.payload.length > 0 &&
        known.payload.length < payload.length &&
        known.seq === seqAdd(seq, at) &&
        Buffer.compare(known.payload, payload.subarray(at, at + known.payload.length)) === 0,
    );
    if (piece === undefined) return false;
    at += piece.payload.length;
  }
  return true;
}

/** A host without an answer may leave MPTCP out when it repeats its SYN (RFC 8684 section 3.7). */
const isSynWithoutMptcp = (tcp: Tcp): boolean => isSegment(tcp, 'SYN') && mptcpOptions(tcp).length === 0;

/** PSH may differ, and on a SYN the offer of ECN (RFC 3168 section 6.1.1.1). */
export function isSameKind(one: number, other: number): boolean {
  const { SYN, PSH, ECE, CWR } = TcpFlag;
  return ((one ^ other) & ~(PSH | ((one & SYN) === 0 ? 0 : ECE | CWR))) === 0;
}

/** An ACK that was sent before data, but taken after it, has an earlier number. */
function bareAck({ expected, peerIsn }: Flow, tcp: Tcp, tolerates: (option: TcpOption) => boolean): boolean {
  if (expected === undefined || peerIsn === undefined || !isSegment(tcp, 'ACK')) return false;
  const isSent = seqDiff(tcp.seq, expected) <= 0 && seqDiff(tcp.seq, peerIsn) >= 0;
  return isSent && mptcpOptions(tcp).every(tolerates);
}

/** A DSS with a mapping of octets of a later segment; an infinite mapping announces TCP (RFC 8684 section 3.7). */
const isMappingAhead = (option: TcpOption): boolean =>
  option.option === 'dss' && (option.flags & DssFlag.F) === 0 && option.dsn !== undefined;

/** An ACK that acknowledges no new octets, neither of the flow nor of the data sequence. */
function tellsNothingNew(flow: Flow, tcp: Tcp, flows: readonly Flow[]): boolean {
  if (seqDiff(tcp.ack, flow.next) < 0) return true;
  if (mptcpOptions(tcp).some(isMappingAhead)) return dataAckOf(tcp).length === 0;
  const [dataAck] = dataAckOf(tcp);
  if (dataAck !== undefined) return flows.some(({ seen }) => seen.some((known) => dataAckOf(known).includes(dataAck)));
  if (flow.seen.some((known) => dataAckOf(known).length > 0)) return true;
  return !carriesMptcp(flow) && flow.seen.some((known) => isSegment(known, 'ACK') && known.ack === tcp.ack);
}

/** The lower 32 bits of a Data ACK, which are there whatever its width. */
const dataAckOf = ({ options }: Tcp): readonly bigint[] =>
  options.flatMap((option) =>
    option.option === 'dss' && option.ack !== undefined ? [BigInt.asUintN(32, option.ack)] : [],
  );

/** The octet that a keepalive may carry, which was acknowledged before. */
const isGarbageOctet = (tcp: Tcp): boolean =>
  isSegment(tcp, 'DATA') && tcp.payload.length === 1 && mptcpOptions(tcp).every(isDataAck);

/** A DSS without mapping. */
const isDataAck = (option: TcpOption): boolean =>
  option.option === 'dss' && (option.flags & (DssFlag.M | DssFlag.F)) === 0;

function isSignal(option: TcpOption): boolean {
  switch (option.option) {
    case 'add_addr':
      // In v1 the lowest bit marks the echo; in v0 the nibble is the IP version, which is even.
      return (option.nibble & 1) === 0;
    case 'remove_addr':
    case 'mp_prio':
      return true;
    default:
      return false;
  }
}

/** The echo of an ADD_ADDR that came before: one more ACK may carry it (RFC 8684 section 3). */
const isEchoAgain = ({ seen }: Flow, option: TcpOption): boolean =>
  option.option === 'add_addr' &&
  !isSignal(option) &&
  seen.some(({ options }) =>
    options.some(
      (known) =>
        known.option === 'add_addr' &&
        !isSignal(known) &&
        known.addressId === option.addressId &&
        known.port === option.port &&
        Buffer.compare(known.address, option.address) === 0,
    ),
  );

/** The signals that an ACK of its own may carry. */
const isNoNews = (flow: Flow, option: TcpOption): boolean =>
  isDataAck(option) || isMappingAhead(option) || isEchoAgain(flow, option);

/** A SYN that is to join a connection. */
export const opensJoin = (tcp: Tcp): boolean =>
  isSegment(tcp, 'SYN') && tcp.options.some(({ option }) => option === 'mp_join');

/** The implementation spoke MPTCP when the flow opened. */
const carriesMptcp = ({ seen }: Flow): boolean =>
  seen.some((tcp) => tcp.options.some(({ option }) => handshakeOptions.has(option)));

/** The first of the given rules that ignores the segment. */
export const ruleFor = (
  flow: Flow,
  tcp: Tcp,
  rules: readonly IgnoreRule[],
  flows: readonly Flow[],
): IgnoreRule | undefined => rules.find((rule) => passesOver[rule](flow, tcp, flows));

/** The same octets, or the same DATA_FIN, under the same DSN as before. */
function isCopy(flow: Flow, tcp: Tcp, flows: readonly Flow[]): boolean {
  const dataFin = dataFinOf(tcp);
  if (dataFin !== undefined && isSegment(tcp, 'ACK') && tcp.seq === flow.expected)
    return flows.some(({ seen }) => seen.some((known) => dataFinOf(known) === dataFin));
  const dsn = dsnIn(flow, tcp);
  if (!isSegment(tcp, 'DATA') || tcp.seq !== flow.expected || dsn === undefined) return false;
  return flows.some((each) =>
    each.seen.some((known) => dsnIn(each, known) === dsn && Buffer.compare(known.payload, tcp.payload) === 0),
  );
}

/** The lower 32 bits of the DSN that a DATA_FIN without octets has. */
function dataFinOf({ options, payload }: Tcp): bigint | undefined {
  const dss = options.find((option) => option.option === 'dss');
  if (dss?.option !== 'dss' || (dss.flags & DssFlag.F) === 0 || dss.dsn === undefined || payload.length > 0)
    return undefined;
  return BigInt.asUintN(32, dss.dsn);
}

const passesOver: Readonly<Record<IgnoreRule, (flow: Flow, tcp: Tcp, flows: readonly Flow[]) => boolean>> = {
  copy: isCopy,
  retransmission: repeats,
  'bare-ack': (flow, tcp) => bareAck(flow, tcp, (option) => isNoNews(flow, option)),
  signal: (flow, tcp) =>
    carriesMptcp(flow) &&
    tcp.options.some(isSignal) &&
    bareAck(flow, tcp, (option) => isDataAck(option) || isSignal(option)),
  'late-ack': (flow, tcp, flows) =>
    bareAck(flow, tcp, (option) => isNoNews(flow, option)) && tellsNothingNew(flow, tcp, flows),
  // It opens a flow, so it is on none yet.
  join: () => false,
  keepalive: (flow, tcp) =>
    flow.expected !== undefined &&
    tcp.seq === seqAdd(flow.expected, -1) &&
    (bareAck(flow, tcp, isDataAck) || isGarbageOctet(tcp)),
};
