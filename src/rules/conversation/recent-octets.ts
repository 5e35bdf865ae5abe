/**
 * What a host has put lately at which place of its data sequence, as sums: enough to tell that something else stands there
 * now. Most connections send a few segments, so room is made as it is needed, up to a bound.
 */

/** Segments remembered. */
const most = 64;

export interface RecentPayload {
  /** Octets after the first of the data sequence. */
  readonly place: number;
  readonly length: number;
  /** Partial sum of the octets, see `addWords`. */
  readonly sum: number;
  readonly frame: number;
}

export class RecentOctets {
  readonly #payloads: RecentPayload[] = [];
  /** Where the next one goes once all room is taken. */
  #next = 0;

  /** What stood at exactly this place, in exactly this length. */
  at(place: number, length: number): RecentPayload | undefined {
    return this.#payloads.find((each) => each.place === place && each.length === length);
  }

  add(payload: RecentPayload): void {
    this.#payloads[this.#next] = payload;
    this.#next = (this.#next + 1) % most;
  }
}
