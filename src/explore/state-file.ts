/**
 * A search or a row of random walks written down, so that it can be gone on with: what was asked, what was found, and what is
 * ahead, each state by the moves that lead to it. And one schedule of it that violated something.
 */
import { z } from 'zod';
import type { Invariant } from './ledger.js';
import type { Ahead, Node } from './search.js';
import { Tally } from './tally.js';
import type { World } from './world.js';

const big = z.string().regex(/^\d+$/);
const moves = z.array(z.string());
const range = z.object({ least: z.number(), most: z.number() });

const tallyShape = z.object({
  states: z.number(),
  arrivals: z.number(),
  orders: big,
  unjudged: big.default('0'),
  unlisted: big.default('0'),
  segments: range.optional(),
  resets: range.optional(),
  outcomes: z.array(z.object({ name: z.string(), schedules: big, example: moves })),
  violations: z.array(
    z.object({
      invariant: z.string().regex(/^INV-/),
      what: z.string(),
      end: z.enum(['client', 'server']).optional(),
      schedules: big,
      schedule: moves,
    }),
  ),
});

const nodeShape = z.object({ moves, schedules: big });

/** What was asked for: everything that decides which schedules there are. */
export const exploreRequestShape = z.object({
  profile: z.string(),
  peer: z.string().optional(),
  version: z.literal([0, 1]).optional(),
  paths: z.number().int().min(1).max(9),
  losses: z.number().int().min(0),
  duplicates: z.number().int().min(0),
  dead: z.number().int().min(0).optional(),
  waits: z.number().int().min(0).optional(),
  early: z.number().int().min(0).optional(),
  expiries: z.number().int().min(0),
  talk: z.union([z.boolean(), z.literal('late')]),
  strict: z.boolean().optional(),
  seed: z.string(),
  /** How many random walks; all schedules when absent. */
  random: z.number().int().min(1).optional(),
  shard: z.object({ index: z.number().int(), of: z.number().int() }).optional(),
});
export type ExploreRequest = z.infer<typeof exploreRequestShape>;

const stateShape = z.object({
  format: z.literal('robe-explore/1'),
  request: exploreRequestShape,
  tally: tallyShape,
  /** Number of the next random walk. */
  walk: z.number().int().optional(),
  ahead: z
    .object({ depth: z.number(), dealt: z.boolean(), level: z.array(nodeShape), next: z.array(nodeShape) })
    .optional(),
});
export type SavedState = z.infer<typeof stateShape>;

/** A violation written down, so that it can be repeated. */
export const scheduleShape = z.object({
  format: z.literal('robe-schedule/1'),
  request: exploreRequestShape,
  invariant: z.string(),
  what: z.string(),
  schedule: moves.min(1),
});
export type KeptSchedule = z.infer<typeof scheduleShape>;

/** Throws a SyntaxError that says what is wrong with a text that is no such file. */
export const readState = (text: string): SavedState => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`it is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const read = stateShape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new SyntaxError(`it is no state of a search: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
};

export const saveTally = (tally: Tally): SavedState['tally'] => ({
  states: tally.states,
  arrivals: tally.arrivals,
  orders: String(tally.orders),
  unjudged: String(tally.unjudged),
  unlisted: String(tally.unlisted),
  ...(tally.segments && { segments: tally.segments }),
  ...(tally.resets && { resets: tally.resets }),
  outcomes: [...tally.outcomes].map(([name, { schedules, example }]) => ({
    name,
    schedules: String(schedules),
    example: [...example],
  })),
  violations: [...tally.violations.values()].map(({ invariant, what, end, schedules, schedule }) => ({
    invariant,
    what,
    ...(end && { end }),
    schedules: String(schedules),
    schedule: [...schedule],
  })),
});

export const restoreTally = (saved: SavedState['tally']): Tally => {
  const tally = new Tally();
  tally.states = saved.states;
  tally.arrivals = saved.arrivals;
  tally.orders = BigInt(saved.orders);
  tally.unjudged = BigInt(saved.unjudged);
  tally.unlisted = BigInt(saved.unlisted);
  tally.segments = saved.segments;
  tally.resets = saved.resets;
  for (const { name, schedules, example } of saved.outcomes) {
    tally.outcomes.set(name, { schedules: BigInt(schedules), example });
  }
  for (const { invariant, what, end, schedules, schedule } of saved.violations) {
    const blamed = { invariant: invariant as Invariant, what, ...(end && { end }) };
    tally.keepBlame({ ...blamed, schedules: BigInt(schedules), schedule });
  }
  return tally;
};

export const saveAhead = (
  ahead: Ahead,
  scheduleOf: (node: Node) => readonly string[],
): NonNullable<SavedState['ahead']> => {
  const save = (node: Node) => ({ moves: [...scheduleOf(node)], schedules: String(node.count) });
  return { depth: ahead.depth, dealt: ahead.dealt, level: ahead.level.map(save), next: ahead.next.map(save) };
};

/** A node and those that are known to follow it, by the names of their moves. */
interface Fork {
  readonly node: Node | undefined;
  readonly forks: Map<string, Fork>;
}

/** Goes through the moves again. Throws a RangeError when a move is not possible, as in a state of another version of robe. */
export const restoreAhead = (world: World, saved: NonNullable<SavedState['ahead']>): Ahead => {
  const root: Fork = { node: undefined, forks: new Map() };
  const step = (from: Fork, name: string): Fork => {
    const known = from.forks.get(name);
    if (known !== undefined) return known;
    const successor = world.follow(from.node?.state, name);
    if (successor === undefined) throw new RangeError(`"${name}" is not possible ${place(from)}`);
    const { state, move } = successor;
    const fork: Fork = { node: { state, count: 0n, parent: from.node, move }, forks: new Map() };
    from.forks.set(name, fork);
    return fork;
  };
  const place = ({ node }: Fork): string => (node === undefined ? 'at the beginning' : 'where it stands');
  const restore = (nodes: readonly { readonly moves: readonly string[]; readonly schedules: string }[]) =>
    nodes.map(({ moves: names, schedules }) => {
      const { node } = names.reduce(step, root);
      if (node === undefined) throw new RangeError('a state without any move is no state');
      return { ...node, count: BigInt(schedules) };
    });
  return { depth: saved.depth, dealt: saved.dealt, level: restore(saved.level), next: restore(saved.next) };
};
