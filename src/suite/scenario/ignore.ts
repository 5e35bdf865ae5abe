/**
 * The named rules by which a segment that no step expects may be passed over. Everything else that comes unexpected fails
 * the case. A step's own expectation is always tried first: a rule never takes what a step waits for.
 *
 * - `retransmission`: repeats a segment of its flow octet for octet in sequence space, flags, payload and MPTCP options
 *   (RFC 9293 section 3.8.1). An ACK without data counts only when it carries a handshake option, which a host repeats
 *   until it is acknowledged (RFC 8684 section 3.2).
 * - `bare-ack`: an ACK without data that carries no MPTCP option but a DSS without mapping, at the expected number; hosts
 *   may send those at any time (RFC 9293 section 3.8.6).
 * - `add-addr`: as `bare-ack`, carrying ADD_ADDR; a host may announce addresses at any time (RFC 8684 section 3.4.1).
 * - `keepalive`: as `bare-ack`, one octet before the expected number (RFC 9293 section 3.8.4).
 */
import { DssFlag } from '../../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { IgnoreRule } from '../language/ignore-rules.js';
import type { Flow } from './flow.js';
import { segmentLength } from './flow.js';
import { isSegment, mptcpOptions } from './match.js';

/** Rules that hold where a case says nothing; during a silence only the first. */
export const usualRules: readonly IgnoreRule[] = ['retransmission', 'bare-ack'];
export const silenceRules: readonly IgnoreRule[] = ['retransmission'];

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
      ((known.flags ^ tcp.flags) & ~TcpFlag.PSH) === 0 &&
      Buffer.compare(known.payload, tcp.payload) === 0 &&
      optionText(known) === optionText(tcp),
  );
}

function bareAck(flow: Flow, tcp: Tcp, tolerated: string, seq = flow.expected): boolean {
  if (!isSegment(tcp, 'ACK') || tcp.seq !== seq) return false;
  return mptcpOptions(tcp).every(
    (o) => (o.option === 'dss' && (o.flags & (DssFlag.M | DssFlag.F)) === 0) || o.option === tolerated,
  );
}

/** The first rule of those given that passes over the segment. */
export const ruleFor = (flow: Flow, tcp: Tcp, rules: readonly IgnoreRule[]): IgnoreRule | undefined =>
  rules.find((rule) => passesOver[rule](flow, tcp));

const passesOver: Readonly<Record<IgnoreRule, (flow: Flow, tcp: Tcp) => boolean>> = {
  retransmission: repeats,
  'bare-ack': (flow, tcp) => bareAck(flow, tcp, 'dss'),
  'add-addr': (flow, tcp) => bareAck(flow, tcp, 'add_addr'),
  keepalive: (flow, tcp) => flow.expected !== undefined && bareAck(flow, tcp, 'dss', seqAdd(flow.expected, -1)),
};
