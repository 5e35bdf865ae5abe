/**
 * The receive window of an application that reads at its own pace: the buffer of a connection, less the octets delivered
 * to the application and not read yet. All flows of a connection offer the same window, which counts from the Data ACK,
 * and its right edge does not move back (RFC 8684 section 3.3.4, RFC 9293 section 3.8.6). A scaled window is told in
 * steps (RFC 7323 section 2.4): it is rounded up where rounding down would move the edge, so up to a step more than the
 * buffer is taken for every segment.
 */
import type { Stack } from '../stack.js';
import { canAcknowledge, type Flow } from '../tcp/flow.js';
import { sendAck } from '../tcp/transmission.js';
import { type Connection, flowsOf } from './connection.js';

/** Octets were given to the application. */
export const narrowWindow = (stack: Stack, connection: Connection, octets: number): void => {
  const { receiveBuffer } = stack.config;
  if (receiveBuffer === undefined || connection.service !== 'application') return;
  connection.unread += octets;
  for (const flow of flowsOf(connection)) offer(flow, receiveBuffer, connection);
};

/**
 * Octets were read. The peer is told when the window passes half the buffer (RFC 9293 section 3.8.6.2.2: not in small
 * steps); until then it learns of it by the acknowledgments of what it sends.
 */
export const widenWindow = (stack: Stack, connection: Connection): void => {
  const { receiveBuffer } = stack.config;
  if (receiveBuffer === undefined) return;
  for (const flow of flowsOf(connection)) {
    const wasNarrow = flow.receiveWindow < receiveBuffer / 2;
    offer(flow, receiveBuffer, connection);
    if (wasNarrow && flow.receiveWindow >= receiveBuffer / 2 && canAcknowledge(flow)) sendAck(stack, flow);
  }
};

/** A flow that becomes one of the connection offers what the others do. */
export const shareWindow = (stack: Stack, connection: Connection, flow: Flow): void => {
  const { receiveBuffer } = stack.config;
  if (receiveBuffer !== undefined) offer(flow, receiveBuffer, connection);
};

const offer = (flow: Flow, receiveBuffer: number, connection: Connection): void => {
  const free = Math.max(receiveBuffer - connection.unread, 0);
  const promised = connection.offeredEnd - connection.received;
  const step = flow.scaling === undefined ? 1 : 2 ** flow.windowShift;
  // A peer that sends octet by octet would gain a step with each: a second buffer is where that ends.
  const rounded = free - (free % step);
  const holds = promised > rounded && promised <= free + receiveBuffer;
  flow.receiveWindow = holds ? Math.ceil(promised / step) * step : rounded;
  connection.offeredEnd = Math.max(connection.offeredEnd, connection.received + flow.receiveWindow);
};
