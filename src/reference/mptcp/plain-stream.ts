/**
 * A flow that is a TCP connection of its own: never MPTCP, or fallen back (RFC 8684 section 3.7). It carries no MPTCP option
 * and ignores those that come (RFC6824-3.6-08); what a peer maps is taken as the stream it is.
 */
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import type { Flow, FlowEnd, FlowOwner } from '../tcp/flow.js';
import { sendAck } from '../tcp/transmission.js';
import { type Connection, concludeConnection } from './connection.js';
import { deliver, deliverEnd } from './delivery.js';
import { pump } from './outgoing.js';

const none: readonly TcpOption[] = [];

class PlainStream implements FlowOwner {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  describe(): readonly unknown[] {
    return ['plain stream', this.#connection];
  }

  handshakeOptions(): readonly TcpOption[] {
    return none;
  }

  standingOptions(): readonly TcpOption[] {
    return none;
  }

  synAckArrived(stack: Stack, flow: Flow): void {
    sendAck(stack, flow);
  }

  synAckRepeated(stack: Stack, flow: Flow): void {
    sendAck(stack, flow);
  }

  thirdSegmentArrived(): 'established' {
    return 'established';
  }

  signalsArrived(_stack: Stack, _flow: Flow, _segment: Tcp): boolean {
    return true;
  }

  octetsArrived(stack: Stack, flow: Flow, _subflowSeq: number, octets: Uint8Array): void {
    this.#connection.lastArrival = flow;
    deliver(stack, this.#connection, octets);
  }

  finArrived(stack: Stack): void {
    deliverEnd(stack, this.#connection);
  }

  roomMade(stack: Stack): void {
    pump(stack, this.#connection);
  }

  retransmitted(): void {}

  ended(stack: Stack, _flow: Flow, how: FlowEnd): void {
    concludeConnection(stack, this.#connection, how === 'fin' ? 'fin' : 'reset');
  }
}

/** Makes the flow a TCP connection. */
export const carryPlain = (connection: Connection, flow: Flow): void => {
  connection.plain = flow;
  flow.owner = new PlainStream(connection);
};
