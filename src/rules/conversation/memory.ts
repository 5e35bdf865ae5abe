/**
 * A map of bounded size for what lives and comes to an end. Entries are new at first, the last few of them; those that are not
 * over by the time they are no longer new are kept for long. So a capture of nothing but short connections takes little
 * memory, however many there are, and late segments still find those that ended just now.
 */
import { Generations } from './generations.js';

/** So many times fewer entries are new than are kept. */
const fewer = 32;

export class Memory<K, V> {
  #new = new Map<K, V>();
  #lately = new Map<K, V>();
  readonly #kept: Generations<K, V>;
  readonly #mostNew: number;
  readonly #isOver: (value: V) => boolean;

  /** Keeps between `size` and twice as many entries that are not over, as `isOver` says. */
  constructor(size: number, isOver: (value: V) => boolean) {
    this.#kept = new Generations(size, isOver);
    this.#mostNew = Math.ceil(size / fewer);
    this.#isOver = isOver;
  }

  /** Entries forgotten so far that were not over. */
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
