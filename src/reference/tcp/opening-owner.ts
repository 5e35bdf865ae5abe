/**
 * Owner of a flow that is still opening. Events of established flows (signals, octets, the peer's FIN) do not apply to
 * it: it processes only the segments of the handshake that it overrides.
 */
import type { Tcp } from '../../protocol/wire/packet.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { Stack } from '../stack.js';
import type { Flow, FlowEnd, FlowOwner } from './flow.js';

export abstract class OpeningOwner implements FlowOwner {
  protected readonly stack: Stack;

  constructor(stack: Stack) {
    this.stack = stack;
  }

  abstract describe(): readonly unknown[];
  abstract handshakeOptions(flow: Flow, transmission: number): readonly TcpOption[];
  abstract thirdSegmentArrived(flow: Flow, segment: Tcp): 'established' | 'held' | 'gone';

  synAckArrived(_flow: Flow, _segment: Tcp): void {}
  synAckRepeated(): void {}
  standingOptions(): readonly TcpOption[] {
    return [];
  }
  signalsArrived(): boolean {
    return false;
  }
  octetsArrived(): void {}
  finArrived(): void {}
  roomMade(): void {}
  retransmitted(): void {}
  ended(_flow: Flow, _how: FlowEnd): void {}
}
