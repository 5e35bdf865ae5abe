/**
 * Events in the order in which they are due: by time, and first in, first out at the same time. A binary heap, so that
 * each of thousands of armed timers takes logarithmic time. A cancelled event stays in the heap, ignored, until it is the
 * earliest or until the cancelled ones outnumber the others.
 */
import type { Alarm, Time } from './clock.js';

interface DueEvent {
  readonly time: Time;
  /** Counts arrivals; decides between events of the same time. */
  readonly turn: number;
  callback: (() => void) | undefined;
}

/** Below this many events the heap is not rebuilt because of cancelled ones. */
const sweepFloor = 64;

export class EventQueue {
  #heap: DueEvent[] = [];
  #turn = 0;
  #cancelled = 0;

  /** Number of pending events. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** The turn that the next added event gets. */
  get turn(): number {
    return this.#turn;
  }

  add(time: Time, callback: () => void): Alarm {
    const event: DueEvent = { time, turn: this.#turn++, callback };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return { cancel: () => this.#cancel(event) };
  }

  /** When the earliest event is due; `undefined` when there is none. */
  nextTime(): Time | undefined {
    this.#dropCancelledHead();
    return this.#heap[0]?.time;
  }

  /** Takes out the earliest event and gives its callback, if it is due at `time` and was added before `turn`. */
  takeDue(time: Time, turn = Number.POSITIVE_INFINITY): (() => void) | undefined {
    this.#dropCancelledHead();
    const head = this.#heap[0];
    if (head === undefined || head.time > time || head.turn >= turn) return undefined;
    this.#removeHead();
    const callback = head.callback;
    head.callback = undefined;
    return callback;
  }

  #cancel(event: DueEvent): void {
    if (event.callback === undefined) return;
    event.callback = undefined;
    this.#cancelled += 1;
    if (this.#heap.length > sweepFloor && this.#cancelled * 2 > this.#heap.length) this.#rebuild();
  }

  #rebuild(): void {
    const live = this.#heap.filter((event) => event.callback !== undefined);
    // A sorted array is a heap.
    this.#heap = live.sort((a, b) => (before(a, b) ? -1 : 1));
    this.#cancelled = 0;
  }

  #dropCancelledHead(): void {
    while (this.#heap[0] !== undefined && this.#heap[0].callback === undefined) {
      this.#removeHead();
      this.#cancelled -= 1;
    }
  }

  #removeHead(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfBefore(child, parent)) return;
      child = parent;
    }
  }

  #sink(from: number): void {
    let parent = from;
    for (;;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const a = this.#heap[left];
      const b = this.#heap[right];
      if (a === undefined) return;
      const earlier = b !== undefined && before(b, a) ? right : left;
      if (!this.#swapIfBefore(earlier, parent)) return;
      parent = earlier;
    }
  }

  #swapIfBefore(child: number, parent: number): boolean {
    const a = this.#heap[child];
    const b = this.#heap[parent];
    if (a === undefined || b === undefined || !before(a, b)) return false;
    this.#heap[child] = b;
    this.#heap[parent] = a;
    return true;
  }
}

const before = (a: DueEvent, b: DueEvent): boolean => a.time < b.time || (a.time === b.time && a.turn < b.turn);
