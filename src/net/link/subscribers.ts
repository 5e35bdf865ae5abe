/**
 * The listeners of a link, called in the order of their subscription. Shared by every link that has arrivals of its own.
 */
import type { Arrival } from './link.js';

type Listener = (arrival: Arrival) => void;

export class Subscribers {
  #listeners: readonly Listener[] = [];

  /** Adds a listener and returns its unsubscriber. A listener added or removed during a delivery counts from the next one. */
  add(listener: Listener): () => void {
    // An entry of its own, so that the same function may listen twice and leave once.
    const entry: Listener = (arrival) => listener(arrival);
    this.#listeners = [...this.#listeners, entry];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== entry);
    };
  }

  deliver(arrival: Arrival): void {
    for (const listener of this.#listeners) listener(arrival);
  }

  clear(): void {
    this.#listeners = [];
  }
}
