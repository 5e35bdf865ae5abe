/**
 * A flow in SYN-RECEIVED for a SYN at a listener (RFC 9293 section 3.10.7.2): numbers and offers taken, nothing sent yet. A listener
 * without state has joins all the same, whose nonce and token it has to know.
 */
import type { TcpPacket } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import { takeOffer } from '../tcp/companions.js';
import type { Flow, FlowOwner } from '../tcp/flow.js';
import { createFlow } from '../tcp/flow-table.js';
import { takeWindow } from '../tcp/send-window.js';

export const openPassive = (
  stack: Stack,
  path: number,
  packet: TcpPacket,
  owner: FlowOwner,
  withoutState = stack.parameters.tcp.listener === 'stateless',
): Flow => {
  const { ip, tcp } = packet;
  const flow = createFlow(stack, {
    path,
    local: ip.destination,
    localPort: tcp.destinationPort,
    remote: ip.source,
    remotePort: tcp.sourcePort,
    opener: 'passive',
    owner,
  });
  flow.withoutState = withoutState;
  flow.irs = tcp.seq;
  flow.rcvNxt = seqAdd(tcp.seq, 1);
  takeWindow(stack, flow, tcp, tcp.window);
  takeOffer(stack, flow, tcp);
  return flow;
};
