/**
 * ICMP errors of the tester, as a router on the path, or the tester's host itself, would send them about the latest
 * segment of the implementation on a flow (RFC 792, RFC 4443). One name means the corresponding error of both IP
 * versions. The body has four octets (the path MTU, if there is one) and the quoted packet, its header and as much of it
 * as fits.
 */
import { putUint16, putUint32 } from '../../protocol/bytes/octets.js';
import { EthernetField } from '../../protocol/wire/ethernet.js';
import { decodeFrame, encodeIcmpFrame } from '../../protocol/wire/frame.js';
import { Ipv4Field, ipv4HeaderLength } from '../../protocol/wire/ipv4.js';
import { Ipv6Field } from '../../protocol/wire/ipv6.js';
import { TcpField } from '../../protocol/wire/tcp.js';
import type { IpVersion } from '../language/case.js';
import { type Expression, ExpressionError, evaluate, integer, octetsOf } from '../language/expression.js';
import { icmpErrors } from '../language/icmp-errors.js';
import type { IcmpStep } from '../language/step.js';
import type { Flow } from './flow.js';
import { flowMeant, flowOf } from './flows.js';
import { backwards } from './history.js';
import { scopeOf } from './scope.js';
import { act, type Work } from './state.js';

/** The tester's link has no VLAN tags. */
const networkAt = EthernetField.end;
const quoteAt = 4;
/** Most octets of the quotation: a router need not return more (RFC 1812 section 4.3.2.3). */
const longestQuote = 528;

export function sendIcmpError(work: Work, step: IcmpStep): void {
  const { name } = flowMeant(work, step.on);
  const flow = work.flows.get(name);
  const quoted = latestPacket(work, name);
  if (flow === undefined || quoted === undefined)
    throw new ExpressionError(`there is no segment on flow ${name} that an error could quote`);
  const quotation = quoted.slice(networkAt, networkAt + longestQuote);
  misquote(work, step, flow, quotation);
  const body = new Uint8Array(quoteAt + quotation.length);
  body.set(quotation, quoteAt);
  if (step.error === 'fragmentation-needed') putUint32(body, 0, step.mtu);
  const [type, code] = icmpErrors[step.error][versionOfFlow(flow)];
  const frame = encodeIcmpFrame({
    ethernet: { source: flow.local.mac, destination: flow.remote.mac },
    ip: { source: flow.local.address, destination: flow.remote.address },
    icmp: { type, code, body },
  });
  const text = `ICMP ${step.error} about flow ${flow.name}`;
  act(work, { action: 'send', path: flow.path, frame }, { step: step.title, taken: 'sent', text });
}

/** Writes the values of the step into the quotation. */
function misquote(work: Work, step: IcmpStep, flow: Flow, quotation: Uint8Array): void {
  const isIpv4 = versionOfFlow(flow) === 4;
  const tcpAt = isIpv4 ? ipv4HeaderLength(quotation, 0) : Ipv6Field.end;
  const computed = (expression: Expression) => evaluate(expression, scopeOf(work.plan, flow, work.bindings));
  if (step.quotedSeq !== undefined)
    putUint32(quotation, tcpAt + TcpField.seq, Number(BigInt.asUintN(32, integer(computed(step.quotedSeq)))));
  if (step.quotedPort !== undefined)
    putUint16(quotation, tcpAt + TcpField.destinationPort, Number(integer(computed(step.quotedPort)) & 0xffffn));
  if (step.quotedAddress !== undefined) {
    const [at, octets] = isIpv4 ? [Ipv4Field.destination, 4] : [Ipv6Field.destination, 16];
    quotation.set(octetsOf(computed(step.quotedAddress), octets), at);
  }
}

const versionOfFlow = ({ local }: Flow): IpVersion => (local.address.includes(':') ? 6 : 4);

/** The latest frame of the implementation on a flow. */
function latestPacket(work: Work, name: string): Uint8Array | undefined {
  for (const { entry } of backwards(work.history)) {
    if (!('event' in entry) || entry.event !== 'frame') continue;
    const packet = decodeFrame(entry.frame, work.plan.subtypes);
    if (packet.kind === 'tcp' && flowOf(work, packet) === name) return entry.frame;
  }
  return undefined;
}
