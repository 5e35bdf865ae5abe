/** Resets in a form that is given, for a segment or for a flow that takes no part in it; `resetFlow` is for open flows. */
import type { TcpPacket } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import type { Flow } from './flow.js';
import type { ResetForm } from './reset.js';
import { echoOnReset } from './timestamps.js';

const nothing = new Uint8Array(0);

/** Sends a reset back to where `packet` came from. */
export const sendReset = (
  stack: Stack,
  path: number,
  packet: Pick<TcpPacket, 'ip' | 'tcp'>,
  form: ResetForm,
  options: readonly TcpOption[] = [],
): void =>
  stack.transmit({
    path,
    source: packet.ip.destination,
    destination: packet.ip.source,
    sourcePort: packet.tcp.destinationPort,
    destinationPort: packet.tcp.sourcePort,
    ...form,
    window: 0,
    options: [...echoOnReset(packet.tcp), ...options],
    payload: nothing,
  });

/** Sends a reset to the peer of a flow; the flow stays as it is. */
export const sendResetTo = (stack: Stack, flow: Flow, form: ResetForm): void =>
  stack.transmit({
    path: flow.path,
    source: flow.local,
    destination: flow.remote,
    sourcePort: flow.localPort,
    destinationPort: flow.remotePort,
    ...form,
    window: 0,
    options: [],
    payload: nothing,
  });
