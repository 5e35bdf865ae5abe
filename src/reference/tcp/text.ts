/**
 * The text and FIN of a segment (RFC 9293 section 3.10.7.4, seventh and eighth step): octets in order go to the owner,
 * later ones wait, the FIN is processed when all octets before it have come, and octets after it are ignored.
 */
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqAdd, seqDiff } from '../../protocol/wire/seq.js';
import type { Stack } from '../stack.js';
import { awaitFin, enterTimeWait } from './closing.js';
import { canReceive, type Flow, hasFlag, segmentLength } from './flow.js';
import { sendAck } from './transmission.js';

export const takeText = (stack: Stack, flow: Flow, segment: Tcp): void => {
  if (segmentLength(segment) === 0) return;
  // "This should not occur since a FIN has been received from the remote side. Ignore the segment text."
  if (!canReceive(flow)) return;
  flow.ackDue = true;
  if (flow.state === 'fin-wait-2') awaitFin(stack, flow);
  if (hasFlag(segment, TcpFlag.FIN)) flow.peerFin ??= seqAdd(segment.seq, segment.payload.length);
  if (segment.payload.length > 0) {
    flow.early.push({ seq: segment.seq, payload: segment.payload });
    if (flow.early.length > 1) flow.early.sort((a, b) => seqDiff(a.seq, b.seq));
  }
  deliverInOrder(flow);
  if (!canReceive(flow) || flow.peerFin === undefined || flow.peerFin !== flow.rcvNxt) return;
  takeFin(stack, flow);
};

const deliverInOrder = (flow: Flow): void => {
  for (let first = flow.early[0]; first !== undefined; first = flow.early[0]) {
    const already = seqDiff(flow.rcvNxt, first.seq);
    if (already < 0) return;
    flow.early.shift();
    if (already >= first.payload.length) continue;
    // What lies after the peer's FIN or beyond the window is not taken.
    const room = flow.peerFin === undefined ? flow.receiveWindow : seqDiff(flow.peerFin, flow.rcvNxt);
    const octets = first.payload.subarray(already, already + Math.max(Math.min(room, flow.receiveWindow), 0));
    if (octets.length === 0) continue;
    const ssn = seqDiff(flow.rcvNxt, flow.irs);
    flow.rcvNxt = seqAdd(flow.rcvNxt, octets.length);
    flow.owner.octetsArrived(flow, ssn >>> 0, octets);
    if (flow.state === 'closed') return;
  }
};

const takeFin = (stack: Stack, flow: Flow): void => {
  switch (flow.state) {
    case 'established':
      flow.rcvNxt = seqAdd(flow.rcvNxt, 1);
      flow.state = 'close-wait';
      break;
    case 'fin-wait-1':
      flow.rcvNxt = seqAdd(flow.rcvNxt, 1);
      flow.state = 'closing';
      break;
    case 'fin-wait-2':
      flow.rcvNxt = seqAdd(flow.rcvNxt, 1);
      sendAck(stack, flow);
      enterTimeWait(stack, flow);
      return;
    default:
      return;
  }
  flow.peerFin = undefined;
  flow.owner.finArrived(flow);
};
