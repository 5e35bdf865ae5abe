/**
 * A map of bounded size that forgets what was not asked for longest, in constant time: a young generation takes what is
 * written or found; when it is full it becomes the old one, and what the old one held is forgotten.
 */
export class Generations<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #size: number;
  #forgotten = 0;

  /** Holds between `size` and twice as many entries. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Entries forgotten so far. */
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
    this.#forgotten += this.#old.size;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
