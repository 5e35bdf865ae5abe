/**
 * The set of received octets of a sequence: whole numbers from 0, as ranges that merge. Ranges beyond a gap are kept
 * separately, up to a limit.
 */

/** Ranges beyond the first gap, kept at most. */
const mostIslands = 64;

const none: readonly Range[] = [];

interface Range {
  readonly from: number;
  /** After the last octet. */
  readonly to: number;
}

export class OctetRange {
  #contiguous = 0;
  #end = 0;
  #islands: readonly Range[] = none;

  /** After the last octet before the first gap. */
  get contiguous(): number {
    return this.#contiguous;
  }

  /** After the last octet of all. */
  get end(): number {
    return this.#end;
  }

  add(from: number, to: number): void {
    if (to <= from) return;
    this.#end = Math.max(this.#end, to);
    if (from > this.#contiguous) {
      this.#islands = [...this.#islands, { from, to }].slice(-mostIslands);
      return;
    }
    this.#contiguous = Math.max(this.#contiguous, to);
    while (this.#islands.length > 0) {
      const reached = this.#islands.find((island) => island.from <= this.#contiguous);
      if (reached === undefined) return;
      this.#contiguous = Math.max(this.#contiguous, reached.to);
      this.#islands = this.#islands.filter((island) => island !== reached);
    }
  }
}
