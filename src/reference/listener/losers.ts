/**
 * Proposal 2: when one flow of a request is established, the others still in establishment end by RST (paper 2.2,
 * ROBE-P2-S-03), in a form that a client in SYN-SENT as well as in ESTABLISHED accepts (ROBE-P2-S-09, I-21).
 */
import { TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import type { Flow } from '../tcp/flow.js';
import { removeFlow } from '../tcp/flow-table.js';
import type { ResetForm } from '../tcp/reset.js';
import { sendResetTo } from '../tcp/send-reset.js';
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
    sendResetTo(stack, flow, stack.decisions.listener.loserResetForm(stack, flow));
    removeFlow(stack, flow);
    flow.owner.ended(flow, 'reset');
  }
};
