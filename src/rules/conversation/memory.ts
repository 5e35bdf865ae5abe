/**
 * A map of bounded size for flows and connections, which end at some time. Only the latest entries are new. An entry that
 * is not over when it stops being new moves to a larger map and is kept for long; one that is over is dropped. So a
 * capture of many short connections takes little memory, and late segments still find recently closed connections.
 */
import { Generations } from './generations.js';

/** The larger map is this many times as large as that of new entries. */
const fewer = 32;

export class Memory<K, V> {
  #new = new Map<K, V>();
  #lately = new Map<K, V>();
  readonly #kept: Generations<K, V>;
  readonly #mostNew: number;
  readonly #isOver: (value: V) => boolean;

  /** Keeps between `size` and twice as many entries that are not over according to `isOver`. */
  constructor(size: number, isOver: (value: V) => boolean) {
    this.#kept = new Generations(size, isOver);
    this.#mostNew = Math.ceil(size / fewer);
    this.#isOver = isOver;
  }

  /** Number of dropped entries that were not over. */
  get forgotten(): number {
    return this.#kept.forgotten;
  }

  get(key: K): V | undefined {
    return this.#new.get(key) ?? this.#lately.get(key) ?? this.#kept.get(key);
  }

  set(key: K, value: V): void {
    this.#new.set(key, value);
    this.#kept.delete(key);
    if (this.#new.size <= this.#mostNew) return;
    this.#lately.forEach((old, each) => {
      if (!this.#isOver(old) && !this.#new.has(each)) this.#kept.set(each, old);
    });
    this.#lately = this.#new;
    this.#new = new Map();
  }
}
