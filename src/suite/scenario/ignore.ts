/**
 * The named rules by which a segment that no step expects may be passed over. Everything else that comes unexpected fails
 * the case. A step's own expectation is always tried first: a rule never takes what a step waits for.
 *
 * - `retransmission`: repeats a segment of its flow octet for octet in sequence space, flags, payload and MPTCP options
 *   (RFC 9293 section 3.8.1). An ACK without data counts only when it carries a handshake option, which a host repeats
 *   until it is acknowledged (RFC 8684 section 3.2).
 * - `bare-ack`: an ACK without data that carries no MPTCP option but a DSS without mapping, at the expected number; hosts
 *   may send those at any time (RFC 9293 section 3.8.6).
 * - `signal`: as `bare-ack`, on a flow of MPTCP, carrying ADD_ADDR, REMOVE_ADDR or MP_PRIO: hosts may send those at any time
 *   (RFC 8684 sections 3.3.8 and 3.4). The echo of an ADD_ADDR is an answer and none of them.
 * - `copy`: octets that came under the same data sequence number on another flow before (RFC 8684 section 3.3.6); not during a
 *   silence, where an end of the copies may be what a case waits for.
 * - `keepalive`: as `bare-ack`, one octet before the expected number (RFC 9293 section 3.8.4).
 */
import { DssFlag } from '../../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { IgnoreRule } from '../language/ignore-rules.js';
import type { Flow } from './flow.js';
import { segmentLength } from './flow.js';
import { isSegment, mptcpOptions } from './match.js';

/** What a host does of its own accord, whatever a case is about: it breaks no silence. */
export const silenceRules: readonly IgnoreRule[] = ['retransmission', 'signal', 'keepalive'];
/** Rules that hold beside an ACK that is waited for. */
export const rulesBesideAck: readonly IgnoreRule[] = [...silenceRules, 'copy'];
/** Rules that hold where something else than an ACK is waited for. */
export const usualRules: readonly IgnoreRule[] = [...rulesBesideAck, 'bare-ack'];

const optionText = (tcp: Tcp): string =>
  JSON.stringify(mptcpOptions(tcp), (_, value: unknown) =>
    typeof value === 'bigint' ? `0x${value.toString(16)}` : value,
  );

const handshakeOptions = new Set<string>(['mp_capable', 'mp_join', 'mp_join_cap']);

function repeats(flow: Flow, tcp: Tcp): boolean {
  const empty = segmentLength(tcp.flags, tcp.payload.length) === 0;
  if (empty && !mptcpOptions(tcp).some((option) => handshakeOptions.has(option.option))) return false;
  return flow.seen.some(
    (known) =>
      known.seq === tcp.seq &&
      isSameKind(known.flags, tcp.flags) &&
      Buffer.compare(known.payload, tcp.payload) === 0 &&
      optionText(known) === optionText(tcp),
  );
}

/** PSH may come and go, and with a SYN the offer of ECN (RFC 3168 section 6.1.1.1). */
export function isSameKind(one: number, other: number): boolean {
  const { SYN, PSH, ECE, CWR } = TcpFlag;
  return ((one ^ other) & ~(PSH | ((one & SYN) === 0 ? 0 : ECE | CWR))) === 0;
}

function bareAck(flow: Flow, tcp: Tcp, tolerates: (option: TcpOption) => boolean, seq = flow.expected): boolean {
  return isSegment(tcp, 'ACK') && tcp.seq === seq && mptcpOptions(tcp).every(tolerates);
}

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

/** The implementation spoke MPTCP when the flow opened. */
const carriesMptcp = ({ seen }: Flow): boolean =>
  seen.some((tcp) => tcp.options.some(({ option }) => handshakeOptions.has(option)));

/** The first rule of those given that passes over the segment. */
export const ruleFor = (
  flow: Flow,
  tcp: Tcp,
  rules: readonly IgnoreRule[],
  others: readonly Flow[],
): IgnoreRule | undefined => rules.find((rule) => passesOver[rule](flow, tcp, others));

/** The same octets under the same DSN as on another flow. */
function isCopy(flow: Flow, tcp: Tcp, others: readonly Flow[]): boolean {
  const dsn = dsnOf(tcp);
  if (!isSegment(tcp, 'DATA') || tcp.seq !== flow.expected || dsn === undefined) return false;
  return others.some(
    ({ name, seen }) =>
      name !== flow.name &&
      seen.some((known) => dsnOf(known) === dsn && Buffer.compare(known.payload, tcp.payload) === 0),
  );
}

/** The lower 32 bits of the data sequence number of a segment's octets. */
function dsnOf({ options }: Tcp): bigint | undefined {
  const dss = options.find((option) => option.option === 'dss');
  return dss?.option === 'dss' && dss.dsn !== undefined ? BigInt.asUintN(32, dss.dsn) : undefined;
}

const passesOver: Readonly<Record<IgnoreRule, (flow: Flow, tcp: Tcp, others: readonly Flow[]) => boolean>> = {
  copy: isCopy,
  retransmission: repeats,
  'bare-ack': (flow, tcp) => bareAck(flow, tcp, isDataAck),
  signal: (flow, tcp) =>
    carriesMptcp(flow) &&
    tcp.options.some(isSignal) &&
    bareAck(flow, tcp, (option) => isDataAck(option) || isSignal(option)),
  keepalive: (flow, tcp) => flow.expected !== undefined && bareAck(flow, tcp, isDataAck, seqAdd(flow.expected, -1)),
};
