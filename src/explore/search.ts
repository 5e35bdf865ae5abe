/**
 * Every schedule within the bounds, by breadth: all states that n moves lead to, then those of n + 1. Since the ledgers count
 * what was sent, the same state is never reached by numbers of moves that differ; so a level never meets an earlier one,
 * the first violation found is a shortest one, and the number of schedules that lead to a state is the sum over the moves
 * into it. A search can stop between two states, be written down, and go on later; a shard takes every n-th state of the
 * first level that has enough of them, with the schedules that lead there.
 */
import { Closing } from './closing.js';
import type { Violation } from './ledger.js';
import type { Move } from './move-name.js';
import { Tally } from './tally.js';
import { keyOf, type Successor, type World, type WorldState } from './world.js';

export interface Node {
  readonly state: WorldState;
  /** Schedules that lead here. */
  count: bigint;
  readonly parent: Node | undefined;
  readonly move: Move;
}

export interface Part {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

export const wholeSearch: Part = { index: 1, of: 1 };

/** A level has enough states to be dealt out when there are so many for each shard. */
const statesPerPart = 4;

/** What is left to do. */
export interface Ahead {
  readonly depth: number;
  readonly dealt: boolean;
  /** States of this level that were not looked at, and those of the next level found so far. */
  readonly level: readonly Node[];
  readonly next: readonly Node[];
}

export class Search {
  readonly world: World;
  readonly tally: Tally;
  readonly #part: Part;
  readonly #closing: Closing;
  /** Told of each state that is counted. */
  readonly #visited: ((state: WorldState) => void) | undefined;
  #depth = 0;
  #dealt = false;
  #level: Node[] = [];
  #next = new Map<string, Node>();

  constructor(world: World, part: Part = wholeSearch, tally = new Tally(), visited?: (state: WorldState) => void) {
    this.world = world;
    this.tally = tally;
    this.#part = part;
    this.#closing = new Closing(world);
    this.#visited = visited;
  }

  /** Begins with the connect. */
  begin(): void {
    for (const successor of this.world.begin()) this.#lead(undefined, successor);
    this.#turn();
  }

  /** Goes on from what was written down. */
  resume(ahead: Ahead): void {
    this.#depth = ahead.depth;
    this.#dealt = ahead.dealt;
    this.#level = [...ahead.level].reverse();
    this.#next = new Map(ahead.next.map((node) => [keyOf(node.state), node]));
  }

  get ahead(): Ahead {
    return {
      depth: this.#depth,
      dealt: this.#dealt,
      level: [...this.#level].reverse(),
      next: [...this.#next.values()],
    };
  }

  /** How many states of this level are left, and how many of the next are known. */
  get sizes(): { readonly level: number; readonly next: number } {
    return { level: this.#level.length, next: this.#next.size };
  }

  get depth(): number {
    return this.#depth;
  }

  /** Looks at up to `most` states; false when there are none left. */
  advance(most: number): boolean {
    for (let looked = 0; looked < most; looked++) {
      const node = this.#level.pop();
      if (node === undefined) return false;
      this.#look(node);
      if (this.#level.length === 0) this.#turn();
    }
    return this.#level.length > 0;
  }

  /** The moves to a state, by name. */
  scheduleOf(node: Node): readonly string[] {
    const names: string[] = [];
    for (let each: Node | undefined = node; each !== undefined; each = each.parent) {
      names.push(this.world.nameMove(each.parent?.state, each));
    }
    return names.reverse();
  }

  #look(node: Node): void {
    const { world, tally } = this;
    if (this.#counts()) {
      tally.states += 1;
      this.#visited?.(node.state);
    }
    const successors = world.successors(node.state);
    if (successors.length === 0) {
      if (this.#counts()) this.#end(node);
      return;
    }
    for (const successor of successors) this.#lead(node, successor);
  }

  /** Before the states are dealt out, every shard comes by the same ones; the first one counts them. */
  #counts(): boolean {
    return this.#dealt || this.#part.index === 1;
  }

  #lead(parent: Node | undefined, { move, state, violations }: Successor): void {
    const count = parent?.count ?? 1n;
    if (this.#counts()) {
      if (move.frame !== undefined) this.tally.arrivals += 1;
      if (violations.length > 0) this.#blame({ state, count, parent, move }, violations);
    }
    // Nothing is learnt after a violation that is not one already.
    if (violations.length > 0) return;
    const key = keyOf(state);
    const known = this.#next.get(key);
    if (known === undefined) this.#next.set(key, { state, count, parent, move });
    else known.count += count;
  }

  #end(node: Node): void {
    const problems = this.#closing.judge(node.state);
    if (problems === undefined) this.tally.unjudged += node.count;
    else if (problems.length > 0) this.#blame(node, problems);
    else this.tally.end(node.state, node.count, () => this.scheduleOf(node));
  }

  #blame(node: Node, violations: readonly Violation[]): void {
    for (const violation of violations) this.tally.blame(violation, node.count, () => this.scheduleOf(node));
  }

  #turn(): void {
    let level = [...this.#next.values()];
    this.#next = new Map();
    if (!this.#dealt && level.length >= statesPerPart * this.#part.of) {
      this.#dealt = true;
      level = level.filter((_, position) => position % this.#part.of === this.#part.index - 1);
    }
    this.#level = level.reverse();
    if (level.length > 0) this.#depth += 1;
  }
}
