/**
 * Schedules by chance, for bounds beyond those that can be searched whole: each walk begins with the connect and takes one of
 * the possible turns until the schedule is over. Walk n of a seed is the same on every machine and whatever went before it,
 * so walks can be dealt out, stopped and gone on with by their numbers.
 */
import { uint32 } from '../protocol/bytes/octets.js';
import { deriveOctets } from '../protocol/keys/derive-octets.js';
import { Closing } from './closing.js';
import type { Turn } from './move-name.js';
import type { Pair } from './pair.js';
import type { Part } from './search.js';
import { Tally } from './tally.js';
import { type Bounds, type Successor, World } from './world.js';

/** One answer in so many is lost, and one arrival in so many leaves a copy, as long as the bounds allow it. */
const oneIn = { lost: 6, copied: 8 } as const;
/** A world remembers what its hosts did; beyond so many states it is left for a new one. */
const statesOfWorld = 6_000;

export class RandomWalks {
  readonly tally: Tally;
  readonly #pair: Pair;
  readonly #bounds: Bounds;
  readonly #part: Part;
  #world: World;
  #closing: Closing;
  /** The number of the next walk. */
  next: number;

  constructor(pair: Pair, bounds: Bounds, part: Part, tally = new Tally(), next = part.index - 1) {
    this.#pair = pair;
    this.#bounds = bounds;
    this.#part = part;
    this.tally = tally;
    this.next = next;
    this.#world = new World(pair, bounds);
    this.#closing = new Closing(this.#world);
  }

  /** Takes up to `most` walks with numbers below `end`; false when there are none left. */
  advance(most: number, end: number): boolean {
    for (let taken = 0; taken < most && this.next < end; taken++) {
      if (this.#world.client.size + this.#world.server.size > statesOfWorld) {
        this.#world = new World(this.#pair, this.#bounds);
        this.#closing = new Closing(this.#world);
      }
      this.#walk(this.next);
      this.next += this.#part.of;
    }
    return this.next < end;
  }

  #walk(number: number): void {
    const { tally } = this;
    const world = this.#world;
    const dice = rollDice(this.#pair.seed, number);
    const names: string[] = [];
    let at = choose(world.begin(), dice);
    names.push(world.nameMove(undefined, at));
    for (;;) {
      tally.states += 1;
      for (const violation of at.violations) tally.blame(violation, 1n, () => names);
      if (at.violations.length > 0) return;
      // The order of a world's own depends on what it met before.
      const turns = [...world.turns(at.state)].sort(byContent);
      if (turns.length === 0) break;
      const copies = turns.filter(({ copy }) => copy);
      const plain = turns.filter(({ copy }) => !copy);
      const wanted = copies.length > 0 && dice(oneIn.copied) === 0 ? copies : plain;
      const turn = wanted[dice(wanted.length)];
      if (turn === undefined) break;
      if (turn.frame !== undefined) tally.arrivals += 1;
      const before = at.state;
      at = choose(world.take(before, turn), dice);
      names.push(world.nameMove(before, at));
    }
    const problems = this.#closing.judge(at.state);
    if (problems === undefined) tally.unjudged += 1n;
    else if (problems.length === 0) tally.end(at.state, 1n, () => names);
    else for (const violation of problems) tally.blame(violation, 1n, () => names);
  }
}

const byContent = (a: Turn, b: Turn): number => {
  const [one, other] = [a, b].map(({ side, frame }) => `${side}${frame?.path}${frame?.content}`);
  return one === undefined || other === undefined || one === other ? 0 : one < other ? -1 : 1;
};

/** Usually nothing is lost. */
const choose = (successors: readonly Successor[], dice: Dice): Successor => {
  const at = successors.length > 1 && dice(oneIn.lost) === 0 ? dice(successors.length) : 0;
  const chosen = successors[at];
  if (chosen === undefined) throw new Error('a turn leads nowhere');
  return chosen;
};

/** A whole number from 0 to below `sides`. */
type Dice = (sides: number) => number;

/** Mulberry32 from a state that follows from the seed and the number of the walk. */
const rollDice = (seed: string, walk: number): Dice => {
  let state = uint32(deriveOctets(seed, `walk/${walk}`, 4), 0);
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
};
