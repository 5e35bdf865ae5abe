/**
 * What a host has put lately at which place of its data sequence, as sums: enough to tell that something else stands there
 * now. A ring of fixed size, since every segment with payload is written to it.
 */

/** Segments remembered. */
const size = 64;

export interface RecentPayload {
  readonly length: number;
  /** Partial sum of the octets, see `addWords`. */
  readonly sum: number;
  readonly frame: number;
}

export class RecentOctets {
  readonly #places = new Float64Array(size).fill(-1);
  readonly #payloads: (RecentPayload | undefined)[] = new Array<RecentPayload | undefined>(size).fill(undefined);
  #next = 0;

  /** What stood at exactly this place, in exactly this length. */
  at(place: number, length: number): RecentPayload | undefined {
    for (let slot = 0; slot < size; slot++)
      if (this.#places[slot] === place && this.#payloads[slot]?.length === length) return this.#payloads[slot];
    return undefined;
  }

  add(place: number, payload: RecentPayload): void {
    this.#places[this.#next] = place;
    this.#payloads[this.#next] = payload;
    this.#next = (this.#next + 1) % size;
  }
}
