/**
 * Two ends of a wire in memory: what one end sends the other receives, later by the path's delay, under the clock given.
 * Both ends are equal links. Frames are copied when sent, so neither end sees the other's later changes to a frame.
 */
import type { Clock, Time } from '../clock/clock.js';
import { type Arrival, type Link, type LinkCounters, LinkError, type PathId } from './link.js';
import { Subscribers } from './subscribers.js';

export interface MemoryWire {
  readonly clock: Clock;
  readonly paths: readonly PathId[];
  /** One-way delay of a path in nanoseconds; none when absent. Even then a frame arrives in an event of its own. */
  readonly delay?: (path: PathId) => Time;
}

/** Creates a wire and returns its two ends. */
export const createMemoryLink = (wire: MemoryWire): readonly [Link, Link] => {
  const left = new MemoryEnd(wire);
  const right = new MemoryEnd(wire);
  left.peer = right;
  right.peer = left;
  return [left, right];
};

class MemoryEnd implements Link {
  peer: MemoryEnd | undefined;
  readonly #wire: MemoryWire;
  readonly #subscribers = new Subscribers();
  #sent = 0;
  #received = 0;
  #open = true;

  constructor(wire: MemoryWire) {
    this.#wire = wire;
  }

  get paths(): readonly PathId[] {
    return this.#wire.paths;
  }

  send(path: PathId, frame: Uint8Array): void {
    if (!this.#open) throw new LinkError('this end of the memory link is closed', 'send before closing it');
    if (!this.#wire.paths.includes(path)) {
      throw new LinkError(`path ${path} does not exist`, `use one of the paths ${this.#wire.paths.join(', ')}`);
    }
    this.#sent += 1;
    const copy = frame.slice();
    const at = this.#wire.clock.now() + (this.#wire.delay?.(path) ?? 0n);
    this.#wire.clock.at(at, () => this.peer?.receive(path, copy));
  }

  receive(path: PathId, frame: Uint8Array): void {
    if (!this.#open) return;
    this.#received += 1;
    this.#subscribers.deliver({ path, frame, at: this.#wire.clock.now(), error: 0n });
  }

  subscribe(listener: (arrival: Arrival) => void): () => void {
    return this.#subscribers.add(listener);
  }

  counters(): LinkCounters {
    return { sent: this.#sent, received: this.#received, droppedByKernel: 0, droppedByInterface: 0 };
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#subscribers.clear();
  }
}
