/** Passes a connection to the service of a listener: exactly once per connection (DERIVED-ACC-01). */
import type { Connection, ConnectionHooks } from '../mptcp/connection.js';
import { createConnection, establish } from '../mptcp/connection-life.js';
import type { Listener, Stack } from '../stack.js';
import type { Flow } from '../tcp/flow.js';

/** Makes the connection of which `flow` is the first that completed its handshake. */
export const acceptConnection = (stack: Stack, listener: Listener, flow: Flow, hooks: ConnectionHooks): Connection => {
  const connection = createConnection(
    stack,
    {
      id: stack.nextConnection('accepted'),
      role: 'server',
      profile: stack.config.profile,
      service: listener.service,
      peer: flow.remote,
      peerPort: flow.remotePort,
    },
    hooks,
  );
  stack.notify({ notice: 'accepted', connection: connection.id, listener: listener.id, peer: flow.remote });
  establish(stack, connection);
  return connection;
};
