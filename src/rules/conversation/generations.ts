/**
 * A map of bounded size that drops the least recently used entries, in constant time. The young generation takes entries
 * that are written or found. When it is full it becomes the old one, and the entries of the previous old one are dropped.
 */
export class Generations<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #size: number;
  readonly #isOver: (value: V) => boolean;
  #forgotten = 0;

  /** Holds between `size` and twice as many entries. */
  constructor(size: number, isOver: (value: V) => boolean) {
    this.#size = size;
    this.#isOver = isOver;
  }

  /** Number of dropped entries that were not over. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#old.delete(key);
    this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size <= this.#size) return;
    for (const each of this.#old.values()) if (!this.#isOver(each)) this.#forgotten += 1;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
