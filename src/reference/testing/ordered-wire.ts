/**
 * A client and a server whose segments arrive exactly in the order a test names: each one waits under its label until it is
 * let through. Labels are those of orders.ts; other segments have none and are passed on at the end.
 */
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import type { HostNotice, HostOutput, ReferenceHost } from '../contract.js';
import type { Side } from './network.js';

interface Waiting {
  readonly label: string;
  readonly to: Side;
  readonly path: number;
  readonly frame: Uint8Array;
  readonly packet: TcpPacket;
}

const step = 1_000_000n;

const labelOf = (from: Side, path: number, { tcp }: TcpPacket): string => {
  const has = (flag: number) => (tcp.flags & flag) !== 0;
  if (has(TcpFlag.RST)) return `${from === 'client' ? 'cR' : 'sR'}${path}`;
  if (has(TcpFlag.SYN)) return `${has(TcpFlag.ACK) ? 'Y' : 'S'}${path}`;
  const capable = tcp.options.find(({ option }) => option === 'mp_capable' || option === 'mp_join_cap');
  if (capable === undefined || tcp.payload.length > 0) return '';
  return `${capable.option === 'mp_capable' ? 'A' : 'J'}${path}`;
};

export class OrderedWire {
  now = 0n;
  readonly notices: Record<Side, HostNotice[]> = { client: [], server: [] };
  /** Labels in the order in which the segments were sent. */
  readonly sent: string[] = [];
  /** MP_CAPABLE keys of the server's SYN/ACKs, by path. */
  readonly receiverKeys = new Map<number, bigint>();
  readonly #hosts: Readonly<Record<Side, ReferenceHost>>;
  readonly #waiting: Waiting[] = [];
  readonly #wakeAt: Record<Side, bigint | undefined> = { client: undefined, server: undefined };

  constructor(hosts: Readonly<Record<Side, ReferenceHost>>) {
    this.#hosts = hosts;
  }

  act<Output extends HostOutput>(side: Side, action: (host: ReferenceHost, now: bigint) => Output): Output {
    const output = action(this.#hosts[side], this.now);
    this.#wakeAt[side] = output.wakeAt;
    this.notices[side].push(...output.notices);
    for (const { path, frame } of output.frames) this.#hold(side, path, frame);
    return output;
  }

  /** Lets the first segment with that label through; tells whether there was one. */
  deliver(label: string): boolean {
    const at = this.#waiting.findIndex((each) => each.label === label);
    const [waiting] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (waiting === undefined) return false;
    this.now += step;
    this.act(waiting.to, (host, now) => host.receive(waiting.path, waiting.frame, now));
    return true;
  }

  /** Time passes until the client's next timer. */
  fireClientTimer(): void {
    this.now = this.#wakeAt.client ?? this.now;
    this.act('client', (host, now) => host.wake(now));
  }

  /** Labels of the segments that wait. */
  pending(): readonly string[] {
    return this.#waiting.map(({ label }) => label).filter((label) => label !== '');
  }

  /** Lets everything through in the order of sending until nothing more comes. */
  flush(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) this.deliver(first.label);
  }

  #hold(from: Side, path: number, frame: Uint8Array): void {
    const packet = decodeFrame(frame);
    if (packet.kind !== 'tcp') return;
    const label = labelOf(from, path, packet);
    if (label !== '') this.sent.push(label);
    for (const option of packet.tcp.options) {
      if (label.startsWith('Y') && option.option === 'mp_capable' && option.key !== undefined) {
        this.receiverKeys.set(path, option.key);
      }
    }
    this.#waiting.push({ label, to: from === 'client' ? 'server' : 'client', path, frame, packet });
  }
}
