/**
 * Proposal 2: once one flow of a request is established, the others still in establishment end by RST (paper 2.2,
 * ROBE-P2-S-03), in a form that a client in SYN-SENT as well as in ESTABLISHED accepts (ROBE-P2-S-09, I-21).
 */
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import { type Flow, removeFlow } from '../tcp/flow.js';
import type { ResetForm } from '../tcp/reset.js';
import type { CapableRequest } from './correlation.js';

/** The half-open flows that lose to `winner`. */
export const losersOf = (request: CapableRequest, winner: Flow): readonly Flow[] =>
  [...request.halfOpen.keys()].filter((flow) => flow !== winner);

/** RST|ACK, seq = ISS + 1, ack = IRS + 1. */
export const loserResetForm = (stack: Stack, flow: Flow): ResetForm => {
  const seq = seqAdd(flow.iss, 1);
  if (stack.parameters.p2.rst_form === 'rst') return { seq, ack: 0, flags: TcpFlag.RST };
  return { seq, ack: seqAdd(flow.irs, 1), flags: TcpFlag.RST | TcpFlag.ACK };
};

export const resetLosers = (stack: Stack, request: CapableRequest, winner: Flow): void => {
  for (const flow of stack.decisions.listener.losersOf(request, winner)) {
    const form = stack.decisions.listener.loserResetForm(stack, flow);
    stack.transmit({
      path: flow.path,
      source: flow.local,
      destination: flow.remote,
      sourcePort: flow.localPort,
      destinationPort: flow.remotePort,
      ...form,
      window: 0,
      options: [],
      payload: new Uint8Array(0),
    });
    removeFlow(stack, flow);
    flow.owner.ended(stack, flow, 'reset');
  }
};
