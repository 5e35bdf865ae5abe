/**
 * Two other ways to count the schedules of a world, beside every order of every segment.
 *
 * Ladders: orders as ladders draw them. Only their letters count, bare ACKs arrive at once, and two segments with the same
 * letter (a reset by the server and another one on the same path) are one, whichever of them comes first.
 *
 * Classes: schedules that differ only in which of two neighbouring events at different ends came first are one, for neither end
 * can tell. Counted by their normal form: the server's events come as early as they can, so right after an event of the client
 * nothing arrives at the server that was under way before.
 */
import { keyOf, type World, type WorldState } from './world.js';

/** States, or sets of states, beyond which nobody counts on. */
const usualLimit = 20_000;

/** How many ladders there are; undefined beyond the limit. */
export const countLadders = (given: World, limit = usualLimit): bigint | undefined => {
  const world = given.within({ ...given.bounds, promptAcks: true });
  /** States in which only drawn segments are under way. */
  const settle = (state: WorldState): readonly WorldState[] => {
    if (state.flight.every((index) => world.frames.at(index).drawn)) return [state];
    return world.successors(state).flatMap((successor) => settle(successor.state));
  };
  const setOf = (states: readonly WorldState[]) => {
    const distinct = new Map(states.flatMap(settle).map((state) => [keyOf(state), state]));
    return { name: [...distinct.keys()].sort().join('|'), states: [...distinct.values()] };
  };
  const first = setOf(world.begin().map(({ state }) => state));
  let level = new Map([[first.name, { states: first.states, count: 1n }]]);
  let complete = 0n;
  for (let sets = 0; level.size > 0; ) {
    const next: typeof level = new Map();
    for (const { states, count } of level.values()) {
      sets += 1;
      if (sets > limit) return undefined;
      const byLetter = new Map<string, WorldState[]>();
      let over = false;
      for (const state of states) {
        const successors = world.successors(state);
        over ||= successors.length === 0;
        for (const { move, state: after } of successors) {
          const letter = `${move.frame?.letters ?? `T ${move.side}`}${move.copy ? '+' : ''}`;
          byLetter.set(letter, [...(byLetter.get(letter) ?? []), after]);
        }
      }
      if (over) complete += count;
      for (const after of byLetter.values()) {
        const { name, states: reached } = setOf(after);
        const known = next.get(name);
        next.set(name, { states: reached, count: count + (known?.count ?? 0n) });
      }
    }
    level = next;
  }
  return complete;
};

/** How many classes of schedules there are; undefined beyond the limit. */
export const countClasses = (world: World, limit = usualLimit): bigint | undefined => {
  /** `asleep`: what was under way to the server before the event of the client just gone; undefined after one of the server. */
  interface Point {
    readonly state: WorldState;
    readonly asleep: ReadonlySet<number> | undefined;
    readonly count: bigint;
  }
  const toServer = (state: WorldState) =>
    new Set(state.flight.filter((index) => world.frames.at(index).to === 'server'));
  let level = new Map<string, Point>();
  const lead = (next: Map<string, Point>, state: WorldState, asleep: Point['asleep'], count: bigint): void => {
    const name = `${keyOf(state)} ${asleep === undefined ? '-' : [...asleep].join()}`;
    next.set(name, { state, asleep, count: count + (next.get(name)?.count ?? 0n) });
  };
  for (const { state } of world.begin()) lead(level, state, undefined, 1n);
  let complete = 0n;
  for (let points = 0; level.size > 0; ) {
    const next = new Map<string, Point>();
    for (const { state, asleep, count } of level.values()) {
      points += 1;
      if (points > limit) return undefined;
      const successors = world.successors(state);
      if (successors.length === 0) complete += count;
      for (const { move, state: after } of successors) {
        if (move.side === 'client') lead(next, after, toServer(state), count);
        else if (move.frame === undefined || asleep?.has(move.frame.index) !== true)
          lead(next, after, undefined, count);
      }
    }
    level = next;
  }
  return complete;
};
