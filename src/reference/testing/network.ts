/**
 * Two hosts of the reference joined by paths under virtual time, for tests: every path has a one-way delay, and what passes
 * can be dropped, held back or doubled. Times are nanoseconds.
 */
import { decodeFrame } from '../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import type { HostNotice, HostOutput, ReferenceHost } from '../contract.js';

export type Side = 'client' | 'server';

/** One TCP segment that was put on the wire. */
export interface Passage {
  readonly at: bigint;
  readonly from: Side;
  readonly path: number;
  readonly packet: TcpPacket;
}

/** How many copies of a segment arrive, each after how much longer than the path's delay. */
export type Treatment = (passage: Passage) => readonly bigint[];

interface Event {
  readonly at: bigint;
  readonly order: number;
  readonly run: () => void;
}

const once: readonly bigint[] = [0n];

export class Network {
  now = 0n;
  readonly passages: Passage[] = [];
  readonly notices: { readonly side: Side; readonly notice: HostNotice }[] = [];
  readonly #hosts: Readonly<Record<Side, ReferenceHost>>;
  readonly #delay: (path: number) => bigint;
  readonly #treatment: Treatment;
  #events: Event[] = [];
  #order = 0;
  readonly #wakeAt: Record<Side, bigint | undefined> = { client: undefined, server: undefined };

  constructor(
    hosts: Readonly<Record<Side, ReferenceHost>>,
    delay: (path: number) => bigint,
    treatment: Treatment = () => once,
  ) {
    this.#hosts = hosts;
    this.#delay = delay;
    this.#treatment = treatment;
  }

  /** Runs something on a host and takes what comes of it. */
  act<Output extends HostOutput>(side: Side, action: (host: ReferenceHost, now: bigint) => Output): Output {
    const output = action(this.#hosts[side], this.now);
    this.#take(side, output);
    return output;
  }

  /** Lets `nanoseconds` pass. */
  pass(nanoseconds: bigint): void {
    const end = this.now + nanoseconds;
    for (;;) {
      const wake = this.#nextWake();
      const event = this.#events[0];
      if (event !== undefined && event.at <= end && (wake === undefined || event.at <= wake.at)) {
        this.#events.shift();
        this.now = event.at;
        event.run();
      } else if (wake !== undefined && wake.at <= end) {
        if (wake.at > this.now) this.now = wake.at;
        this.act(wake.side, (host, now) => host.wake(now));
      } else break;
    }
    this.now = end;
  }

  noticesOf(side: Side): readonly HostNotice[] {
    return this.notices.filter((each) => each.side === side).map(({ notice }) => notice);
  }

  /** Everything a side's application was given, in order. */
  octetsOf(side: Side): Uint8Array {
    const parts = this.noticesOf(side).flatMap((notice) => (notice.notice === 'data' ? [...notice.octets] : []));
    return Uint8Array.from(parts);
  }

  #nextWake(): { readonly side: Side; readonly at: bigint } | undefined {
    const { client, server } = this.#wakeAt;
    if (client === undefined) return server === undefined ? undefined : { side: 'server', at: server };
    return server === undefined || client <= server ? { side: 'client', at: client } : { side: 'server', at: server };
  }

  #take(side: Side, output: HostOutput): void {
    this.#wakeAt[side] = output.wakeAt;
    for (const notice of output.notices) this.notices.push({ side, notice });
    for (const { path, frame } of output.frames) this.#carry(side, path, frame);
  }

  #carry(from: Side, path: number, frame: Uint8Array): void {
    const packet = decodeFrame(frame);
    const to: Side = from === 'client' ? 'server' : 'client';
    let copies = once;
    if (packet.kind === 'tcp') {
      const passage: Passage = { at: this.now, from, path, packet };
      this.passages.push(passage);
      copies = this.#treatment(passage);
    }
    for (const extra of copies) {
      const at = this.now + this.#delay(path) + extra;
      const event: Event = {
        at,
        order: this.#order++,
        run: () => this.act(to, (host, now) => host.receive(path, frame, now)),
      };
      this.#events.push(event);
    }
    this.#events.sort((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1));
  }
}

const flagNames: readonly (readonly [number, string])[] = [
  [TcpFlag.SYN, 'S'],
  [TcpFlag.FIN, 'F'],
  [TcpFlag.RST, 'R'],
  [TcpFlag.ACK, '.'],
];

const companions = new Set(['mss', 'sack_permitted', 'timestamps', 'nop', 'window_scale', 'eol']);

/** One line a segment, e.g. `1 > S. mp_capable`: path, direction, flags, length, options other than TCP's own. */
export const tell = ({ from, path, packet }: Passage): string => {
  const { flags, payload, options } = packet.tcp;
  const names = flagNames.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  const signals = options.map(({ option }) => option).filter((option) => !companions.has(option));
  return [
    path,
    from === 'client' ? '>' : '<',
    names.join(''),
    ...(payload.length > 0 ? [`${payload.length}`] : []),
    ...signals,
  ].join(' ');
};
