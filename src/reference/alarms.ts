/**
 * The timers of a host: a binary heap by time, equal times in the order in which they were set. Cancelled entries stay in
 * the heap until they surface. Times are nanoseconds; nothing here reads a clock.
 */
export interface Alarm {
  cancel(): void;
}

/** The action of an alarm: a name and its arguments, for `describe`. */
export type About = readonly [name: string, ...subjects: unknown[]];

class Entry implements Alarm {
  cancelled = false;

  constructor(
    readonly time: bigint,
    readonly order: number,
    readonly about: About,
    readonly action: () => void,
  ) {}

  describe(): readonly unknown[] {
    return this.cancelled ? [] : [this.time, this.about];
  }

  cancel(): void {
    this.cancelled = true;
  }
}

const before = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

export class Alarms {
  readonly #heap: Entry[] = [];
  #order = 0;

  at(time: bigint, about: About, action: () => void): Alarm {
    const entry = new Entry(time, this.#order++, about, action);
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return entry;
  }

  /** When the next alarm is due; absent if none is set. */
  next(): bigint | undefined {
    let first = this.#heap[0];
    while (first?.cancelled) {
      this.#removeFirst();
      first = this.#heap[0];
    }
    return first?.time;
  }

  /** Runs every alarm due at `now`, those included that are set meanwhile. */
  fire(now: bigint): void {
    for (let time = this.next(); time !== undefined && time <= now; time = this.next()) this.#removeFirst()?.action();
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** The alarms that are set, in the order in which they will fire. */
  describe(): readonly unknown[] {
    return this.#heap.filter(({ cancelled }) => !cancelled).sort((a, b) => (before(a, b) ? -1 : 1));
  }

  #removeFirst(): Entry | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(index: number): void {
    for (let at = index; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(index: number): void {
    for (let at = index; ; ) {
      const left = 2 * at + 1;
      const a = this.#heap[left];
      const b = this.#heap[left + 1];
      if (a === undefined) return;
      const child = b !== undefined && before(b, a) ? left + 1 : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  /** Exchanges the entries at `low` and `high` when the lower one comes first; tells whether it did. */
  #swapIfBefore(low: number, high: number): boolean {
    const lower = this.#heap[low];
    const upper = this.#heap[high];
    if (lower === undefined || upper === undefined || !before(lower, upper)) return false;
    this.#heap[low] = upper;
    this.#heap[high] = lower;
    return true;
  }
}
