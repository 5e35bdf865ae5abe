/**
 * The last octets of a data sequence as they were sent, to compare what is sent again in other pieces. Kept is one stretch
 * without a gap, up to a bound; memory grows with what a host sends.
 */

/** Octets kept at most, and at first. */
const most = 1 << 16;
const least = 1 << 8;

export class StreamTail {
  #ring = new Uint8Array(0);
  /** The stretch: place of its first octet, and after its last. */
  #from = 0;
  #to = 0;

  /** Whether `octets` at `place` are those that were sent there, as far as they are kept. */
  agrees(place: number, octets: Uint8Array): boolean {
    const from = Math.max(place, this.#from);
    const to = Math.min(place + octets.length, this.#to);
    for (let at = from; at < to; at += 1) if (this.#ring[at % this.#ring.length] !== octets[at - place]) return false;
    return true;
  }

  /** Adds what `octets` at `place` have beyond the stretch; beyond a gap a new stretch begins. */
  add(place: number, octets: Uint8Array): void {
    if (place > this.#to || this.#to === 0) {
      this.#from = place;
      this.#to = place;
    }
    const fresh = octets.subarray(Math.max(this.#to - place, 0)).subarray(-most);
    if (fresh.length === 0) return;
    const end = Math.max(this.#to, place + octets.length);
    this.#makeRoom(end - this.#from);
    this.#from = Math.max(this.#from, end - this.#ring.length);
    const at = (end - fresh.length) % this.#ring.length;
    const first = fresh.subarray(0, this.#ring.length - at);
    this.#ring.set(first, at);
    this.#ring.set(fresh.subarray(first.length), 0);
    this.#to = end;
  }

  #makeRoom(octets: number): void {
    const size = this.#ring.length;
    if (octets <= size || size === most) return;
    let wanted = Math.max(size, least);
    while (wanted < octets && wanted < most) wanted *= 2;
    const ring = new Uint8Array(wanted);
    for (let at = this.#from; at < this.#to; at += 1) ring[at % wanted] = this.#ring[at % size] ?? 0;
    this.#ring = ring;
  }
}
