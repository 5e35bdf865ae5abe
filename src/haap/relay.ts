/**
 * Joins two streams: octets from one go to the other, the end of one ends the other, and if one breaks, the other is
 * reset. Octets count as taken from one side when the other side has room, so a slow reader slows the sender down.
 */
import type { Stream, StreamEvents } from './stream.js';

/** Joins `a` and `b`; `over` is called once, when both directions ended or either side broke. */
export const relay = (a: Stream, b: Stream, over: (how: 'ended' | 'broken') => void): void => {
  let directions = 2;
  const finish = (ended: number): void => {
    if (directions <= 0) return;
    directions -= ended;
    if (directions <= 0) over(ended === 2 ? 'broken' : 'ended');
  };
  const there = new Direction(a, b, finish);
  const back = new Direction(b, a, finish);
  a.attach(there.eventsOf(back));
  b.attach(back.eventsOf(there));
};

class Direction {
  readonly #from: Stream;
  readonly #to: Stream;
  readonly #finish: (directions: number) => void;
  /** Octets written to a side that asked to wait. */
  #waiting = 0;
  #isOpen = true;

  constructor(from: Stream, to: Stream, finish: (directions: number) => void) {
    this.#from = from;
    this.#to = to;
    this.#finish = finish;
  }

  /** What the sending side reports; `back` is the direction that writes to it. */
  eventsOf(back: Direction): StreamEvents {
    return {
      data: (octets) => this.#carry(octets),
      ended: () => this.#end(),
      broken: () => {
        if (!this.#isOpen && !back.#isOpen) return;
        this.#isOpen = false;
        back.#isOpen = false;
        this.#to.reset();
        this.#finish(2);
      },
      roomMade: () => back.#goOn(),
    };
  }

  #carry(octets: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#to.write(octets)) this.#from.consume(octets.length);
    else this.#waiting += octets.length;
  }

  #goOn(): void {
    const octets = this.#waiting;
    this.#waiting = 0;
    if (octets > 0) this.#from.consume(octets);
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#to.end();
    this.#finish(1);
  }
}
