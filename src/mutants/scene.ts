/** What has passed at a host's wire so far: its flows in the order in which they appeared, and the segment that passed last. */
import type { TcpPacket } from '../protocol/wire/packet.js';
import { FlowHistory } from './flow-history.js';

export class Scene {
  readonly #byKey = new Map<string, FlowHistory>();
  #flows: readonly FlowHistory[] = [];
  #flow: FlowHistory | undefined;
  #packet: TcpPacket | undefined;

  /** The flow of the segment that passed last, or passes now. */
  get flow(): FlowHistory | undefined {
    return this.#flow;
  }

  get packet(): TcpPacket | undefined {
    return this.#packet;
  }

  get flows(): readonly FlowHistory[] {
    return this.#flows;
  }

  /** A segment passes; gives its flow, in which it does not count yet. */
  enter(way: 'in' | 'out', path: number, packet: TcpPacket): FlowHistory {
    const { ip, tcp } = packet;
    const source = `${ip.source}|${tcp.sourcePort}`;
    const destination = `${ip.destination}|${tcp.destinationPort}`;
    const key = way === 'in' ? `${source}|${destination}` : `${destination}|${source}`;
    let flow = this.#byKey.get(key);
    if (flow === undefined) {
      flow = new FlowHistory(path);
      this.#byKey.set(key, flow);
      this.#flows = [...this.#flows, flow];
    }
    this.#flow = flow;
    this.#packet = packet;
    return flow;
  }

  clear(): void {
    this.#byKey.clear();
    this.#flows = [];
    this.#flow = undefined;
    this.#packet = undefined;
  }
}
