/**
 * The flows of a dialogue as its tester knows them: what each is called, and where its numbers stand, so that a case names a
 * sequence or acknowledgment number where a tester would not use it of its own accord.
 */
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { type Seq, seqAdd, seqBefore, seqDiff } from '../../protocol/wire/seq.js';
import type { Frame } from '../frame-table.js';

interface End {
  readonly isn: Seq;
  /** After the last octet that it sent. */
  next: Seq;
}

interface NumberedFlow {
  readonly name: string;
  tester?: End;
  peer?: End;
}

const lengthOf = ({ flags, payload }: Tcp): number =>
  payload.length + ((flags & TcpFlag.SYN) === 0 ? 0 : 1) + ((flags & TcpFlag.FIN) === 0 ? 0 : 1);

export class FlowNumbers {
  readonly #flows = new Map<string, NumberedFlow>();

  /** `2` for the first flow of path 2, `2/join` for the next, `2/3` for the third. */
  nameOf(frame: Frame): string {
    return this.#flowOf(frame).name;
  }

  /** Names of all flows that were met. */
  get names(): readonly string[] {
    return [...this.#flows.values()].map(({ name }) => name);
  }

  /** `, seq: isn + 6` and `, ack: peer_isn + 1` where the tester would use others; the segment counts from then on. */
  send(frame: Frame): string {
    const flow = this.#flowOf(frame);
    const { tcp } = frame.packet;
    const { tester, peer } = flow;
    const seq = tester !== undefined && tcp.seq !== tester.next ? `, seq: ${offset('isn', tcp.seq, tester.isn)}` : '';
    const acks = (tcp.flags & TcpFlag.ACK) !== 0 && peer !== undefined && tcp.ack !== peer.next;
    const ack = acks ? `, ack: ${offset('peer_isn', tcp.ack, peer.isn)}` : '';
    flow.tester = passed(tester, tcp);
    return seq + ack;
  }

  /**
   * `, seq: peer_isn + 6` where the implementation does not go on with its next octet, and where a reset stands, of which a
   * case does not ask by itself; the segment counts from then on.
   */
  hear(frame: Frame): string {
    const flow = this.#flowOf(frame);
    const { tcp } = frame.packet;
    const { peer } = flow;
    if ((tcp.flags & TcpFlag.RST) !== 0) {
      const seq = tcp.seq === 0 ? '0' : peer === undefined ? 'any' : offset('peer_isn', tcp.seq, peer.isn);
      return `, seq: ${seq}, ack: any`;
    }
    const again = peer !== undefined && tcp.seq !== peer.next;
    flow.peer = passed(peer, tcp);
    return again ? `, seq: ${offset('peer_isn', tcp.seq, peer.isn)}` : '';
  }

  #flowOf({ path, to, packet: { tcp } }: Frame): NumberedFlow {
    const port = to === 'server' ? tcp.sourcePort : tcp.destinationPort;
    const key = `${path}:${port}`;
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    const before = [...this.#flows.keys()].filter((each) => each.startsWith(`${path}:`)).length;
    const flow = { name: before === 0 ? `${path}` : before === 1 ? `${path}/join` : `${path}/${before + 1}` };
    this.#flows.set(key, flow);
    return flow;
  }
}

const offset = (name: string, value: Seq, from: Seq): string => {
  const distance = seqDiff(value, from);
  return distance === 0 ? name : `${name} ${distance < 0 ? '-' : '+'} ${Math.abs(distance)}`;
};

const passed = (end: End | undefined, tcp: Tcp): End => {
  const next = seqAdd(tcp.seq, lengthOf(tcp));
  if (end === undefined) return { isn: tcp.seq, next };
  const reset = (tcp.flags & TcpFlag.RST) !== 0;
  return reset || !seqBefore(end.next, next) ? end : { isn: end.isn, next };
};
