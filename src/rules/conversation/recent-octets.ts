/**
 * The latest octets of a host by place of its data sequence, as partial checksums, to detect that other octets are sent
 * at the same place. Most connections send few segments, so the arrays grow as needed, up to a bound.
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
  /** The slot that is overwritten next when the arrays are full. */
  #next = 0;

  /** The payload at exactly this place with exactly this length. */
  at(place: number, length: number): RecentPayload | undefined {
    return this.#payloads.find((each) => each.place === place && each.length === length);
  }

  add(payload: RecentPayload): void {
    this.#payloads[this.#next] = payload;
    this.#next = (this.#next + 1) % most;
  }
}
