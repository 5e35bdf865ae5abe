/** The calls of the application on a connection of any kind (RFC 9293 section 3.9.1, RFC 8684 section 3.5). */
import type { HostConnectionInfo } from './contract.js';
import { type Connection, flowsOf } from './mptcp/connection.js';
import { concludeConnection } from './mptcp/connection-life.js';
import { finishSending, writeOctets } from './mptcp/outgoing.js';
import { widenWindow } from './mptcp/receive-window.js';
import { fastclose } from './mptcp/signals.js';
import type { Stack } from './stack.js';
import { resetFlow } from './tcp/transmission.js';

/** Sends octets; returns how many octets still wait for room. */
export const sendFrom = (stack: Stack, connection: Connection, octets: Uint8Array): number => {
  writeOctets(stack, connection, octets);
  connection.waiting = stack.config.receiveBuffer !== undefined && connection.outbox.length > 0;
  return connection.outbox.reduce((sum, waiting) => sum + waiting.length, 0);
};

/** The application has read octets: the window opens (RFC 9293 section 3.8.6). */
export const readFrom = (stack: Stack, connection: Connection, octets: number): void => {
  connection.unread = Math.max(connection.unread - octets, 0);
  widenWindow(stack, connection);
};

/** Orderly end; a connect without an answer is abandoned (ROBE-P1-C-16). */
export const closeConnection = (stack: Stack, connection: Connection): void => {
  if (connection.state === 'connecting') concludeConnection(stack, connection, 'reset');
  else finishSending(stack, connection);
};

/** Abrupt end: MP_FASTCLOSE, or RST (RFC 9293 section 3.10.5). */
export const abortConnection = (stack: Stack, connection: Connection): void => {
  if (connection.state === 'closed' || connection.state === 'failed') return;
  const { session, plain } = connection;
  if (session !== undefined) fastclose(stack, session);
  else {
    if (plain !== undefined && plain.state !== 'closed') resetFlow(stack, plain);
    concludeConnection(stack, connection, 'reset');
  }
};

export const describeConnection = (connection: Connection): HostConnectionInfo => ({
  state: connection.state,
  mptcp: connection.session !== undefined,
  subflows: flowsOf(connection).filter(({ state }) => state !== 'closed').length,
  received: connection.received,
  ...(connection.why === undefined ? {} : { why: connection.why }),
});
