/**
 * A client and a server of the reference joined by paths under virtual time: every path has a delay, and may have jitter, a
 * rate and whatever loss the experiment decides frame by frame. Unlike the exploration's world, where time stands still, here
 * everything happens at its own time. Times are nanoseconds.
 */
import type { Alarm, Time } from '../../net/clock/clock.js';
import { VirtualClock } from '../../net/clock/virtual.js';
import type { Chance } from '../../net/link/chance.js';
import type { HostNotice, HostOutput, ReferenceHost } from '../../reference/contract.js';
import { other, type Pair, prepareEnd, type Side } from '../pair.js';

/** One path, the same in both directions. */
export interface Wire {
  /** One way. */
  readonly delay: Time;
  /** Up to this much more, evenly distributed; frames stay in order. */
  readonly jitter?: Time;
  /** Frames queue, without limit, for a wire of this speed. */
  readonly bitsPerSecond?: number;
}

/** A frame that enters a path. */
export interface Passage {
  readonly at: Time;
  readonly from: Side;
  readonly path: number;
  readonly frame: Uint8Array;
}

export interface JoinedSetup {
  readonly pair: Pair;
  /** The wire of path 1, of path 2 and so on. */
  readonly wires: readonly Wire[];
  /** Whether a frame is lost; asked once for each, in the order in which they are sent. */
  readonly loses?: (passage: Passage) => boolean;
  /** Draws the jitter; without it there is none. */
  readonly chance?: Chance;
  readonly noticed?: (side: Side, notice: HostNotice, at: Time) => void;
  /** A frame comes out of a path. */
  readonly arrived?: (to: Side, path: number, frame: Uint8Array, at: Time) => void;
}

const nanosecondsPerSecond = 1e9;
const bitsPerOctet = 8;

/** One direction of one path. */
interface Direction {
  busyUntil: Time;
  lastOut: Time;
}

export class JoinedHosts {
  readonly clock = new VirtualClock();
  readonly #setup: JoinedSetup;
  readonly #hosts: Readonly<Record<Side, ReferenceHost>>;
  readonly #directions: Readonly<Record<Side, readonly Direction[]>>;
  readonly #wakes: Record<Side, { readonly at: Time; readonly alarm: Alarm } | undefined> = {
    client: undefined,
    server: undefined,
  };

  constructor(setup: JoinedSetup) {
    this.#setup = setup;
    const { pair, wires } = setup;
    this.#hosts = { client: prepareEnd(pair, 'client').make(), server: prepareEnd(pair, 'server').make() };
    const idle = (): readonly Direction[] => wires.map(() => ({ busyUntil: 0n, lastOut: 0n }));
    this.#directions = { client: idle(), server: idle() };
  }

  /** Does something on a host and takes what comes of it. */
  act<Output extends HostOutput>(side: Side, action: (host: ReferenceHost, now: Time) => Output): Output {
    const output = action(this.#hosts[side], this.clock.now());
    this.#take(side, output);
    return output;
  }

  /** Lets time pass until `done`, until nothing is left to happen, or past `limit`. */
  run(done: () => boolean, limit: Time): void {
    this.clock.advance(() => done() || this.clock.now() > limit);
  }

  #take(side: Side, { frames, notices, wakeAt }: HostOutput): void {
    const now = this.clock.now();
    for (const { path, frame } of frames) this.#carry({ at: now, from: side, path, frame });
    const armed = this.#wakes[side];
    if (armed?.at !== wakeAt) {
      armed?.alarm.cancel();
      this.#wakes[side] =
        wakeAt === undefined ? undefined : { at: wakeAt, alarm: this.clock.at(wakeAt, () => this.#wake(side)) };
    }
    for (const notice of notices) this.#setup.noticed?.(side, notice, now);
  }

  #wake(side: Side): void {
    this.#wakes[side] = undefined;
    this.act(side, (host, now) => host.wake(now));
  }

  #carry(passage: Passage): void {
    const { from, path, frame } = passage;
    const out = this.#leave(passage);
    if (out === undefined || this.#setup.loses?.(passage)) return;
    const to = other(from);
    this.clock.at(out, () => {
      this.#setup.arrived?.(to, path, frame, out);
      this.act(to, (host, now) => host.receive(path, frame, now));
    });
  }

  /** When a frame comes out at the other end; undefined where there is no such path. A lost frame takes its time, too. */
  #leave({ at, from, path, frame }: Passage): Time | undefined {
    const wire = this.#setup.wires[path - 1];
    const direction = this.#directions[from][path - 1];
    if (wire === undefined || direction === undefined) return undefined;
    const { delay, jitter, bitsPerSecond } = wire;
    let sent = at > direction.busyUntil ? at : direction.busyUntil;
    if (bitsPerSecond !== undefined) {
      sent += BigInt(Math.round((frame.length * bitsPerOctet * nanosecondsPerSecond) / bitsPerSecond));
      direction.busyUntil = sent;
    }
    const { chance } = this.#setup;
    const extra = jitter === undefined || chance === undefined ? 0n : BigInt(Math.floor(Number(jitter) * chance()));
    const out = sent + delay + extra;
    if (out > direction.lastOut) direction.lastOut = out;
    return direction.lastOut;
  }
}
