/** One schedule, gone through again: what is sent and violated at each move; and a shorter one that shows the same. */
import { Closing } from './closing.js';
import type { Frame } from './frame-table.js';
import type { Violation } from './ledger.js';
import type { Move } from './move-name.js';
import { kindOf } from './tally.js';
import type { Successor, World, WorldState } from './world.js';

export interface ReplayedMove {
  readonly name: string;
  readonly move: Move;
  /** What was sent in answer, lost segments included. */
  readonly sent: readonly Frame[];
  readonly state: WorldState;
  readonly violations: readonly Violation[];
}

export interface Replayed {
  readonly moves: readonly ReplayedMove[];
  /** The first move that was not possible; those after it were not made. */
  readonly impossible: string | undefined;
  /** Violated by what comes when the schedule is over: no success, or data that does not come through. */
  readonly after: readonly Violation[];
}

/** `lenient` passes over what is not possible. */
export const replay = (world: World, schedule: readonly string[], lenient = false): Replayed => {
  const moves: ReplayedMove[] = [];
  let last: Successor | undefined;
  for (const name of schedule) {
    const next: Successor | undefined = world.follow(last?.state, name);
    if (next === undefined && lenient) continue;
    if (next === undefined) return { moves, impossible: name, after: [] };
    const { move, state, violations } = next;
    moves.push({ name, move, sent: world.sentBy(last?.state, move), state, violations });
    last = next;
    if (violations.length > 0) return { moves, impossible: undefined, after: [] };
  }
  if (last === undefined || world.turns(last.state).length > 0) return { moves, impossible: undefined, after: [] };
  return { moves, impossible: undefined, after: new Closing(world).judge(last.state) ?? [] };
};

/** Everything that a replay violates. */
export const violationsOf = ({ moves, after }: Replayed): readonly Violation[] => [
  ...moves.flatMap(({ violations }) => violations),
  ...after,
];

/** Leaves out every move that the violation does not need, one after the other. */
export const shorten = (world: World, schedule: readonly string[], violation: Violation): readonly string[] => {
  const wanted = kindOf(violation);
  let best = schedule;
  for (let at = best.length - 1; at > 0; at--) {
    if (at >= best.length) continue;
    const replayed = replay(world, [...best.slice(0, at), ...best.slice(at + 1)], true);
    if (violationsOf(replayed).some((each) => kindOf(each) === wanted)) best = replayed.moves.map(({ name }) => name);
  }
  return best;
};
