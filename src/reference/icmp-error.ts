/**
 * ICMP errors about flows in establishment (RFC 9293 section 3.9.2.2): hard ones end the flow they quote, soft ones change
 * nothing. Only what quotes the SYN's own sequence number counts (RFC 5927 section 4.1).
 */
import { uint8, uint16, uint32 } from '../protocol/bytes/octets.js';
import { ipv4Text, ipv6Text } from '../protocol/wire/address.js';
import type { Packet } from '../protocol/wire/packet.js';
import type { Stack } from './stack.js';
import { type Flow, flowKey, type QuotedFlow } from './tcp/flow.js';
import { removeFlow } from './tcp/flow-table.js';

/** Octets from the start of the ICMP body: four unused ones, then the packet quoted. */
const quoteAt = 4;
const Ipv4 = { headerLength: 0, protocol: 9, source: 12, destination: 16 } as const;
const Ipv6 = { nextHeader: 6, source: 8, destination: 24, end: 40 } as const;
const tcpProtocol = 6;

/**
 * Protocol unreachable, port unreachable; in ICMPv6 port unreachable and unknown next header. "Fragmentation needed" tells a
 * path MTU, as its ICMPv6 counterpart does, and no segment of a handshake is large.
 */
export const isHardError = (version: 4 | 6, type: number, code: number): boolean =>
  version === 4 ? type === 3 && (code === 2 || code === 3) : (type === 1 && code === 4) || (type === 4 && code === 1);

/** Whether the sequence number that an error quotes is that of the flow's SYN: a forger would have to guess it. */
export const quotesSyn = (flow: Flow, quotedSeq: number): boolean => quotedSeq === flow.iss;

/**
 * An established connection ignores errors of routers; an attempt may be in vain, and a host that answers one need not
 * continue.
 */
export const heedsErrors = ({ state }: Flow): boolean => state === 'syn-sent' || state === 'syn-received';

export const findQuoted = (flows: ReadonlyMap<string, Flow>, quoted: QuotedFlow): Flow | undefined =>
  flows.get(flowKey(quoted.source, quoted.sourcePort, quoted.destination, quoted.destinationPort));

export const icmpArrives = (stack: Stack, packet: Extract<Packet, { kind: 'icmp' }>): void => {
  const { body, ip } = packet;
  if (!stack.decisions.tcp.isHardError(ip.version, packet.type, packet.code)) return;
  const quoted = ip.version === 4 ? quotedIpv4(body) : quotedIpv6(body);
  if (quoted === undefined || body.length < quoted.tcpAt + 8) return;
  const { source, destination, tcpAt } = quoted;
  const place = { source, sourcePort: uint16(body, tcpAt), destination, destinationPort: uint16(body, tcpAt + 2) };
  const flow = stack.decisions.tcp.findQuoted(stack.flows, place);
  if (flow === undefined || !stack.decisions.tcp.heedsErrors(flow)) return;
  if (!stack.decisions.tcp.quotesSyn(flow, uint32(body, tcpAt + 4))) return;
  removeFlow(stack, flow);
  flow.owner.ended(flow, 'refused');
};

const quotedIpv4 = (body: Uint8Array) => {
  if (uint8(body, quoteAt + Ipv4.protocol) !== tcpProtocol) return undefined;
  return {
    source: ipv4Text(body, quoteAt + Ipv4.source),
    destination: ipv4Text(body, quoteAt + Ipv4.destination),
    tcpAt: quoteAt + (uint8(body, quoteAt + Ipv4.headerLength) & 0xf) * 4,
  };
};

const quotedIpv6 = (body: Uint8Array) => {
  if (uint8(body, quoteAt + Ipv6.nextHeader) !== tcpProtocol) return undefined;
  return {
    source: ipv6Text(body, quoteAt + Ipv6.source),
    destination: ipv6Text(body, quoteAt + Ipv6.destination),
    tcpAt: quoteAt + Ipv6.end,
  };
};
