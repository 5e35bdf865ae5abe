/** The end of a flow after both FINs, or after its own (states: flow.ts). */
import type { Stack } from '../stack.js';
import type { Flow } from './flow.js';
import { removeFlow } from './flow-table.js';

/** How long TIME-WAIT lasts, and FIN-WAIT-2 without octets of the peer: two segment lifetimes of 30 s. */
const timeWait = 60_000_000_000n;

/** Own FIN, and all before it, is acknowledged (RFC 9293 section 3.10.7.4, fifth step). */
export const ownFinAcknowledged = (stack: Stack, flow: Flow): void => {
  switch (flow.state) {
    case 'fin-wait-1':
      flow.state = 'fin-wait-2';
      awaitFin(stack, flow);
      break;
    case 'closing':
      enterTimeWait(stack, flow);
      break;
    case 'last-ack':
      endFlow(stack, flow);
      break;
    default:
      break;
  }
};

/** A half-closed flow with a silent peer does not stay for ever. */
export const awaitFin = (stack: Stack, flow: Flow): void => {
  flow.timer?.cancel();
  flow.timer = stack.alarms.at(stack.now + timeWait, ['end of flow', flow], () => endFlow(stack, flow));
};

const endFlow = (stack: Stack, flow: Flow): void => {
  removeFlow(stack, flow);
  flow.owner.ended(flow, 'fin');
};

/** Both ends have ended their data, and each knows it of the other. */
export const enterTimeWait = (stack: Stack, flow: Flow): void => {
  flow.state = 'time-wait';
  linger(stack, flow);
  flow.owner.ended(flow, 'fin');
};

/** TIME-WAIT lasts its full time from now on. */
export const linger = (stack: Stack, flow: Flow): void => {
  flow.timer?.cancel();
  flow.timer = stack.alarms.at(stack.now + timeWait, ['end of time-wait', flow], () => removeFlow(stack, flow));
};
