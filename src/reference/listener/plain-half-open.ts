/** SYN-RECEIVED without MPTCP: any acceptable third segment makes a TCP connection (RFC 9293 section 3.10.7.4). */
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { carryPlain } from '../mptcp/plain-stream.js';
import type { Listener, Stack } from '../stack.js';
import type { Flow } from '../tcp/flow.js';
import { OpeningOwner } from '../tcp/opening-owner.js';
import { acceptConnection } from './accept.js';

export class PlainHalfOpen extends OpeningOwner {
  readonly #listener: Listener;

  constructor(stack: Stack, listener: Listener) {
    super(stack);
    this.#listener = listener;
  }

  describe(): readonly unknown[] {
    return ['plain half-open', this.#listener];
  }

  handshakeOptions(): readonly TcpOption[] {
    return [];
  }

  thirdSegmentArrived(flow: Flow): 'established' {
    carryPlain(this.stack, acceptConnection(this.stack, this.#listener, flow, {}), flow);
    return 'established';
  }
}
