/**
 * Delivers octets and ends of stream to the application: notices, and the reactions of the bundled services. Answers of
 * the services are sent after the whole segment was processed, so that they carry one acknowledgment for all.
 */
import type { Stack } from '../stack.js';
import type { Connection } from './connection.js';
import { narrowWindow } from './receive-window.js';

/** Octets in order, each exactly once. */
export const deliver = (stack: Stack, connection: Connection, octets: Uint8Array): void => {
  connection.received += octets.length;
  narrowWindow(stack, connection, octets.length);
  stack.notify({ notice: 'data', connection: connection.id, octets });
  // An end that has closed sends nothing after its FIN or DATA_FIN.
  if (connection.service === 'echo' && !connection.closeWanted) connection.outbox.push(octets);
};

/** The peer has ended its data: the services end their side as well, an application decides for itself. */
export const deliverEnd = (stack: Stack, connection: Connection): void => {
  if (connection.state === 'established') connection.state = 'closing';
  if (connection.service !== 'application') connection.closeWanted = true;
  else if (stack.config.receiveBuffer !== undefined) stack.notify({ notice: 'ended', connection: connection.id });
};
