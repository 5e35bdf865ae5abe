/**
 * A schedule as a case for one of the ends: arrivals at that end become `send` steps, and the answers of a right end
 * become `expect` steps; at the end of a server's case data goes both ways and its application must have accepted one
 * connection. A case does not depend on the exploration: it can be run against any implementation. Only a run shows
 * whether the case detects the finding of the exploration.
 */
import type { Invariant } from './ledger.js';
import type { Pair, Side } from './pair.js';
import { conversation } from './script/conversation.js';
import { Script, settingOf } from './script/script.js';
import type { Successor, World, WorldState } from './world.js';

export interface CaseDraft {
  readonly id: string;
  readonly text: string;
}

/** The requirements that a case of an invariant cites if no mutant names the broken one. */
const requirementOf: Readonly<Record<Invariant, string>> = {
  'INV-1': 'DERIVED-ACC-01',
  'INV-2': 'ROBE-GEN-01',
  'INV-3': 'DERIVED-RST-02',
  'INV-4': 'RFC6824-3.3-05',
  'INV-5': 'RFC6824-3-01',
  'INV-6': 'DERIVED-KEY-02',
  'INV-7': 'DERIVED-KEY-01',
  'INV-8': 'DERIVED-RST-01',
  'INV-9': 'RFC6824-3.6-08',
  'INV-10': 'RFC6824-3.3-07',
  'INV-11': 'ROBE-GEN-01',
  'INV-12': 'ROBE-LAW-07',
  'INV-13': 'RFC9293-3.10.7-01',
  'INV-14': 'ROBE-P2-S-03',
  'INV-15': 'ROBE-LAW-02',
  'INV-16': 'DRAFT-SIM-C-02',
  'INV-17': 'ROBE-GEN-02',
  'INV-18': 'ROBE-GEN-02',
  'INV-19': 'ROBE-GEN-04',
  'INV-20': 'ROBE-P2-C-05',
};

export interface Wanted {
  /** The end that the case judges. */
  readonly guilty: Side;
  readonly invariant: Invariant;
  readonly what: string;
  readonly schedule: readonly string[];
  /** The requirements that a mutant breaks. */
  readonly requirement?: string | undefined;
  /** Distinguishes the cases of one exploration. */
  readonly number: number;
}

/** The case; undefined if the case language cannot express it. `world` is one of the right pair. */
export const draftCase = (world: World, wanted: Wanted): CaseDraft | undefined => {
  const { guilty, invariant, requirement, what, schedule, number } = wanted;
  const { pair } = world;
  const script = new Script(settingOf(pair, guilty));
  const last = enact(world, schedule, (before, { move, state }) => {
    if (before !== undefined && move.side !== guilty) return;
    const isOwn = before !== undefined || guilty === 'client';
    const input = before === undefined ? 'begin' : (move.frame ?? 'expire');
    script.take({ input, sent: isOwn ? world.sentBy(before, move) : [], now: state[guilty].host.now });
  });
  if (last === undefined) return undefined;
  const steps =
    guilty === 'server' ? [...script.lines, ...conversation(last.server.ledger, script.names)] : script.lines;
  if (script.wordless) return undefined;
  const { profile } = pair[guilty];
  const id = `${profile}.${guilty}.explored-${invariant.toLowerCase()}-${number}`;
  const text = caseText(pair, guilty, {
    id,
    title: `Found by exploration: ${invariant}`,
    why: `${what}; after ${schedule.join(', ')}.`,
    requirement: requirement ?? requirementOf[invariant],
    steps,
  });
  return { id, text };
};

/** Plays a schedule, then the first possible move until none is left; returns the state at the end. */
const enact = (
  world: World,
  schedule: readonly string[],
  go: (before: WorldState | undefined, next: Successor) => void,
): WorldState | undefined => {
  let at: WorldState | undefined;
  for (const name of schedule) {
    const next = followAlike(world, at, name);
    if (next === undefined) continue;
    go(at, next);
    at = next.state;
  }
  for (let turn = at && world.turns(at)[0]; at !== undefined && turn !== undefined; turn = world.turns(at)[0]) {
    const [next]: readonly Successor[] = world.take(at, turn);
    if (next === undefined) break;
    go(at, next);
    at = next.state;
  }
  return at;
};

export interface CaseParts {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly requirement: string;
  readonly steps: readonly string[];
}

/** A file with one case for one end of a pair. */
export const caseText = (pair: Pair, role: Side, { id, title, why, requirement, steps }: CaseParts): string => {
  const { version, paths } = pair;
  const { profile } = pair[role];
  return [
    `- id: ${id}`,
    `  title: ${JSON.stringify(title)}`,
    `  why: ${JSON.stringify(why)}`,
    `  requirements: [${requirement}]`,
    `  role: ${role}`,
    `  profiles: [${profile === 'mptcp' ? `mptcp-v${version}` : profile}]`,
    ...(profile === 'tcp' ? [] : [`  mptcp: ${version}`]),
    '  ip: 4',
    `  paths: ${paths}`,
    `  control: ${role === 'server' ? 2 : 1}`,
    '  steps:',
    ...steps.map((line) => `    - ${line}`),
    '',
  ].join('\n');
};

/** The move of that name, or, if there is none, one with the same letters and no losses. */
const followAlike = (world: World, before: WorldState | undefined, name: string): Successor | undefined => {
  const exact = world.follow(before, name);
  if (exact !== undefined || before === undefined) return exact ?? world.begin()[0];
  const letters = name.replace(/[#+ ].*$/, '');
  return world.successors(before).find(({ move }) => move.frame?.letters === letters);
};
