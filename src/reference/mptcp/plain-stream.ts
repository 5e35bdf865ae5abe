/**
 * A flow that is a TCP connection of its own: never MPTCP, or fallen back (RFC 8684 section 3.7). It carries no MPTCP option
 * and ignores those that come (RFC6824-3.6-08); what a peer maps is taken as the stream it is.
 */
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import type { Flow, FlowEnd, FlowOwner } from '../tcp/flow.js';
import { sendAck } from '../tcp/transmission.js';
import type { Connection } from './connection.js';
import { concludeConnection } from './connection-life.js';
import { deliver, deliverEnd } from './delivery.js';
import { pump } from './outgoing.js';

const none: readonly TcpOption[] = [];

class PlainStream implements FlowOwner {
  readonly #stack: Stack;
  readonly #connection: Connection;

  constructor(stack: Stack, connection: Connection) {
    this.#stack = stack;
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

  synAckArrived(flow: Flow): void {
    sendAck(this.#stack, flow);
  }

  synAckRepeated(flow: Flow): void {
    sendAck(this.#stack, flow);
  }

  thirdSegmentArrived(): 'established' {
    return 'established';
  }

  signalsArrived(): boolean {
    return true;
  }

  octetsArrived(flow: Flow, _subflowSeq: number, octets: Uint8Array): void {
    this.#connection.lastArrival = flow;
    deliver(this.#stack, this.#connection, octets);
  }

  finArrived(): void {
    deliverEnd(this.#stack, this.#connection);
  }

  roomMade(): void {
    pump(this.#stack, this.#connection);
  }

  retransmitted(): void {}

  ended(_flow: Flow, how: FlowEnd): void {
    concludeConnection(this.#stack, this.#connection, how === 'fin' ? 'fin' : 'reset');
  }
}

/** Makes the flow a TCP connection. */
export const carryPlain = (stack: Stack, connection: Connection, flow: Flow): void => {
  connection.plain = flow;
  flow.owner = new PlainStream(stack, connection);
};
