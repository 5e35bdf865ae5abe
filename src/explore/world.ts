/**
 * Both ends and what is under way between them: the states of a search, and what can happen next in each.
 *
 * | move    | when                                                                                                    |
 * |---------|---------------------------------------------------------------------------------------------------------|
 * | arrive  | any segment under way, in any order; a copy of it may stay under way (a duplicate)                      |
 * | expire  | an end's next timer: at rest (nothing is under way), and the server's right after the client's at rest, |
 * |         | before anything arrives; or, few times, while segments are under way                                    |
 *
 * A segment is lost, if at all, as it is sent: what never arrives makes no difference earlier or later, so each loss is one
 * schedule and not one for each moment at which it could be noticed. On a dead path everything is lost, from the connect on.
 * A schedule is over when nothing is under way and either nothing was lost and both ends have what they wanted, or no timer
 * runs that may still expire.
 */
import { Automaton, type AutomatonOptions, type LocalState, type LocalStep } from './automaton.js';
import { sentence } from './endpoint.js';
import { type Frame, FrameTable } from './frame-table.js';
import { expiry, utterance } from './host-automaton.js';
import { concludingViolations, content, isHopeless, jointViolations, restingViolations } from './joint-rules.js';
import type { Ledger, Violation } from './ledger.js';
import { type Move, nameMove, type Turn } from './move-name.js';
import { fewestTries, type Pair, type Side } from './pair.js';
import { choices, subsets, withAll, without } from './selections.js';

export interface Bounds {
  readonly losses: number;
  readonly duplicates: number;
  /** Paths that are dead for good; one at least is not. */
  readonly dead: number;
  /** Expiries of timers in one schedule at rest. */
  readonly expiries: number;
  /** Expiries of the client's timers before it is answered, while segments are under way: the waits of its scheme. */
  readonly waits: number;
  /** Further expiries of either end's timers while segments are under way. */
  readonly early: number;
  /** The client says a sentence as soon as its connection is established; `late`: as soon as a flow of every path is. */
  readonly talk: boolean | 'late';
  /** Bare ACKs arrive at once, so that only the segments that ladders draw are put in order. */
  readonly promptAcks: boolean;
}

/** Nothing is lost, doubled, dead or early. */
export const calm: Bounds = {
  losses: 0,
  duplicates: 0,
  dead: 0,
  expiries: 0,
  waits: 0,
  early: 0,
  talk: false,
  promptAcks: false,
};

export interface WorldState {
  readonly client: LocalState;
  readonly server: LocalState;
  /** Indices of the segments under way, in ascending order. */
  readonly flight: readonly number[];
  /** Paths that are dead, in ascending order. */
  readonly dead: readonly number[];
  /** Segments that were lost on the other paths. */
  readonly lost: number;
  readonly doubled: number;
  readonly waited: number;
  readonly early: number;
  readonly expired: number;
  /** The client's timer has just expired at rest: the server's may expire with it. */
  readonly together: boolean;
}

/** Tells states of one world apart. */
export const keyOf = (state: WorldState): string => {
  const { client, server, flight, dead, lost, doubled, waited, early, expired, together } = state;
  return `${client.id} ${server.id} ${flight.join()} ${dead.join()} ${lost} ${doubled} ${waited} ${early} ${expired} ${together ? 1 : ''}`;
};

export interface Successor {
  readonly move: Move;
  readonly state: WorldState;
  readonly violations: readonly Violation[];
}

export class World {
  readonly pair: Pair;
  readonly bounds: Bounds;
  readonly frames: FrameTable;
  readonly client: Automaton;
  readonly server: Automaton;

  constructor(pair: Pair, bounds: Bounds, options: AutomatonOptions = {}, ends = makeEnds(pair, options)) {
    this.pair = pair;
    this.bounds = bounds;
    this.frames = ends.frames;
    this.client = ends.client;
    this.server = ends.server;
  }

  /** The same ends, with all that is known of them, within other bounds: these decide what happens, not what comes of it. */
  within(bounds: Bounds): World {
    return new World(this.pair, bounds, {}, this);
  }

  /** The server listens, the client connects; one for each choice of paths that are dead and of SYNs that are lost. */
  begin(): readonly Successor[] {
    const server = this.server.begin();
    return this.#deadPaths().flatMap((dead) => {
      const before: WorldState = {
        client: this.client.start,
        server: server.to,
        flight: [],
        dead,
        lost: 0,
        doubled: 0,
        waited: 0,
        early: 0,
        expired: 0,
        together: false,
      };
      return this.#react(before, this.client.begin(), { frame: undefined, side: 'client', copy: false });
    });
  }

  /** The choices of dead paths, none at all first. */
  #deadPaths(): readonly (readonly number[])[] {
    const paths = Array.from({ length: this.pair.paths }, (_, index) => index + 1);
    return subsets(paths, Math.min(this.bounds.dead, this.pair.paths - 1));
  }

  /** The next states by every move; none when the schedule is over. */
  successors(state: WorldState): readonly Successor[] {
    const all: Successor[] = [];
    for (const turn of this.turns(state)) all.push(...this.take(state, turn));
    return all;
  }

  /** What can happen next, losses apart; nothing when the schedule is over. */
  turns(state: WorldState): readonly Turn[] {
    const { bounds } = this;
    const { flight } = state;
    if (flight.length === 0) return this.#expiries(state);
    const prompt = bounds.promptAcks ? flight.find((index) => !this.frames.at(index).drawn) : undefined;
    if (prompt !== undefined) return [this.#arrival(prompt, false)];
    const all: Turn[] = [];
    for (let at = 0; at < flight.length; at++) {
      const index = flight[at];
      if (index === undefined || index === flight[at - 1]) continue;
      all.push(this.#arrival(index, false));
      if (state.doubled < bounds.duplicates) all.push(this.#arrival(index, true));
    }
    return [...all, ...this.#expiriesUnderWay(state)];
  }

  /** What a turn leads to: one successor for each choice of answers that are lost, the first without loss. */
  take(state: WorldState, turn: Turn): readonly Successor[] {
    const { frame, copy } = turn;
    const step = this.#stepOf(state, turn);
    const { client, server, dead, lost, waited, early, expired } = state;
    if (frame === undefined) {
      const counter = this.#counterOf(state, turn.side);
      const together = counter === 'expired' && turn.side === 'client';
      return this.#react({ ...state, [counter]: state[counter] + 1, together }, step, turn);
    }
    const flight = copy ? state.flight : without(state.flight, frame.index);
    const doubled = copy ? state.doubled + 1 : state.doubled;
    // Written out: a copy of all members with some replaced takes several times as long, and this is done for each arrival.
    const before = { client, server, flight, dead, lost, doubled, waited, early, expired, together: false };
    return this.#react(before, step, turn);
  }

  /** What an expiry counts as. */
  #counterOf({ flight, client, waited, together }: WorldState, side: Side): 'expired' | 'waited' | 'early' {
    if (flight.length === 0 || (together && side === 'server')) return 'expired';
    const waits = side === 'client' && client.ledger.told === undefined && waited < this.bounds.waits;
    return waits ? 'waited' : 'early';
  }

  /** The one way to go on by that name, or to begin; undefined when there is none. */
  follow(before: WorldState | undefined, name: string): Successor | undefined {
    const wanted = (successor: Successor) => this.nameMove(before, successor) === name;
    if (before === undefined) return this.begin().find(wanted);
    const [what] = name.split(' ~');
    const turn = this.turns(before).find((each) => nameMove(this.frames, before, { ...each, lost: [] }, []) === what);
    return turn && this.take(before, turn).find(wanted);
  }

  /** What is sent in answer to a move, or at the connect. */
  sentBy(before: WorldState | undefined, turn: Turn): readonly Frame[] {
    return before === undefined ? this.client.begin().sent : this.#stepOf(before, turn).sent;
  }

  #arrival(index: number, copy: boolean): Turn {
    const frame = this.frames.at(index);
    return { frame, side: frame.to, copy };
  }

  #expiries(state: WorldState): readonly Turn[] {
    if ((state.lost === 0 && content(state)) || state.expired >= this.bounds.expiries) return [];
    return armed(state).map((side) => ({ frame: undefined, side, copy: false }));
  }

  #expiriesUnderWay(state: WorldState): readonly Turn[] {
    const { bounds } = this;
    const left = { expired: bounds.expiries, waited: bounds.waits, early: bounds.early };
    const may = (side: Side): boolean => {
      const counter = this.#counterOf(state, side);
      return state[counter] < left[counter];
    };
    return armed(state).flatMap((side) => (may(side) ? [{ frame: undefined, side, copy: false }] : []));
  }

  /** Whether the client says its sentence as it comes from one ledger to the other. */
  speaks(before: Ledger, after: Ledger): boolean {
    return this.bounds.talk !== false && !this.#hasReason(before) && this.#hasReason(after);
  }

  #stepOf(state: WorldState, { frame, side }: Turn): LocalStep {
    const step = this[side].step(state[side], frame?.index ?? expiry);
    return side === 'client' ? this.#talk(state.client, step) : step;
  }

  #react(before: WorldState, step: LocalStep, turn: Turn): readonly Successor[] {
    const { dead, doubled, waited, early, expired, together } = before;
    const client = turn.side === 'client' ? step.to : before.client;
    const server = turn.side === 'server' ? step.to : before.server;
    const { flight: ahead, lost: gone } = before;
    const after = { client, server, flight: ahead, dead, lost: gone, doubled, waited, early, expired, together };
    const repeated = doubled + waited + early + expired > 0;
    const holds = ({ unless }: Violation): boolean =>
      !(unless === 'repeated' && repeated) && !(unless === 'given-up' && before.lost >= fewestTries);
    const violations = [...step.violations, ...jointViolations(after, this.pair, this.saidIn(after))].filter(holds);
    const passing = dead.length === 0 ? step.sent : step.sent.filter(({ path }) => !dead.includes(path));
    return choices(passing, this.bounds.losses - before.lost).map((lost) => {
      const { frame, side, copy } = turn;
      const flight = withAll(ahead, passing, lost);
      const count = gone + lost.length;
      const state = { client, server, flight, dead, lost: count, doubled, waited, early, expired, together };
      const atRest = flight.length === 0 && violations.length === 0 ? restingViolations(state, this.pair) : [];
      return {
        move: { frame, side, copy, lost },
        state,
        violations: atRest.length === 0 ? violations : [...violations, ...atRest],
      };
    });
  }

  /** The sentence follows at once on the notice that the connection is there. */
  #talk(before: LocalState, step: LocalStep): LocalStep {
    if (!this.speaks(before.ledger, step.to.ledger)) return step;
    const spoken = this.client.step(step.to, utterance);
    return {
      to: spoken.to,
      sent: [...step.sent, ...spoken.sent],
      violations: [...step.violations, ...spoken.violations],
    };
  }

  /** The client has a reason to speak, or spoke. */
  #hasReason({ told, flows, mapped }: Ledger): boolean {
    if (this.bounds.talk !== 'late') return told === 'established';
    if (mapped > 0) return true;
    return flows.filter(({ confirmed, over }) => confirmed && !over).length >= this.pair.paths;
  }

  /** What the client's application has said. */
  saidIn({ client }: Pick<WorldState, 'client'>): string {
    return this.bounds.talk === true || client.ledger.mapped > 0 ? sentence : '';
  }

  /**
   * Whether nothing can be asked of a schedule that is over without a connection: after a loss its timers would have gone on
   * beyond the bound, or so much was lost that it is right to give up.
   */
  unjudged(state: WorldState): boolean {
    if (content(state)) return false;
    if (isHopeless(state, this.pair)) return true;
    if (state.lost === 0) return false;
    return state.lost >= fewestTries || (state.expired >= this.bounds.expiries && armed(state).length > 0);
  }

  /** What must hold when a schedule is over. */
  conclude(state: WorldState): readonly Violation[] {
    return concludingViolations(state, this.pair, { said: this.saidIn(state), ranOut: armed(state).length === 0 });
  }

  /** A move by its name, as schedules are written (move-name.ts). */
  nameMove(before: WorldState | undefined, { move, state }: Pick<Successor, 'move' | 'state'>): string {
    const answers = move.lost.length === 0 ? [] : this.sentBy(before, move);
    return nameMove(this.frames, before, before === undefined ? { ...move, dead: state.dead } : move, answers);
  }
}

/** The ends that have a timer running. */
const armed = (state: WorldState): readonly Side[] =>
  (['client', 'server'] as const).filter((side) => state[side].host.wakeAt !== undefined);

const makeEnds = (pair: Pair, options: AutomatonOptions) => {
  const frames = new FrameTable();
  return {
    frames,
    client: new Automaton(pair, 'client', frames, options),
    server: new Automaton(pair, 'server', frames, options),
  };
};
