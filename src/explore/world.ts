/**
 * Both ends and what is under way between them: the states of a search, and what can happen next in each.
 *
 * | move    | when                                                                                                   |
 * |---------|--------------------------------------------------------------------------------------------------------|
 * | arrive  | any segment under way, in any order; a copy of it may stay under way (a duplicate)                     |
 * | expire  | an end's next timer; when nothing is under way, or (few times, the client's alone) at any time before  |
 *
 * A segment is lost, if at all, as it is sent: what never arrives makes no difference earlier or later, so each loss is one
 * schedule and not one for each moment at which it could be noticed. A schedule is over when nothing is under way and either
 * nothing was lost and both ends have what they wanted, or no timer runs that may still expire.
 */
import { Automaton, type AutomatonOptions, type LocalState, type LocalStep } from './automaton.js';
import { sentence } from './endpoint.js';
import { type Frame, FrameTable, namesOf } from './frame-table.js';
import { expiry, utterance } from './host-automaton.js';
import { concludingViolations, content, jointViolations } from './joint-rules.js';
import type { Violation } from './ledger.js';
import type { Pair, Side } from './pair.js';

export interface Bounds {
  readonly losses: number;
  readonly duplicates: number;
  /** Expiries of timers in one schedule while nothing is under way. */
  readonly expiries: number;
  /** Expiries of the client's timers while segments are under way. */
  readonly early: number;
  /** The client says a sentence as soon as its connection is established. */
  readonly talk: boolean;
  /** Bare ACKs arrive at once, so that only the segments that ladders draw are put in order. */
  readonly promptAcks: boolean;
}

export interface WorldState {
  readonly client: LocalState;
  readonly server: LocalState;
  /** Indices of the segments under way, in ascending order. */
  readonly flight: readonly number[];
  readonly lost: number;
  readonly doubled: number;
  readonly early: number;
  readonly expired: number;
}

/** A segment arrives, or a timer expires. */
export interface Turn {
  readonly frame: Frame | undefined;
  /** Where it arrives, or whose timer expires when no segment arrives. */
  readonly side: Side;
  /** A copy stays under way. */
  readonly copy: boolean;
}

export interface Move extends Turn {
  /** Segments sent in answer that are lost. */
  readonly lost: readonly Frame[];
}

export interface Successor {
  readonly move: Move;
  readonly state: WorldState;
  readonly violations: readonly Violation[];
}

/** A host sends a segment at least so often: the reference a SYN 8 times and a SYN/ACK 6 times. */
const fewestTries = 6;

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

  /** The server listens, the client connects; one for each choice of SYNs that are lost. */
  begin(): readonly Successor[] {
    const server = this.server.begin();
    const before: WorldState = {
      client: this.client.start,
      server: server.to,
      flight: [],
      lost: 0,
      doubled: 0,
      early: 0,
      expired: 0,
    };
    return this.#react(before, this.client.begin(), { frame: undefined, side: 'client', copy: false });
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
    const { flight, client } = state;
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
    const waiting = client.ledger.told === undefined && client.host.wakeAt !== undefined;
    if (waiting && state.early < bounds.early) all.push({ frame: undefined, side: 'client', copy: false });
    return all;
  }

  /** What a turn leads to: one successor for each choice of answers that are lost, the first without loss. */
  take(state: WorldState, turn: Turn): readonly Successor[] {
    const { frame, side, copy } = turn;
    const step = this.#stepOf(state, turn);
    if (frame === undefined) {
      const counter = state.flight.length === 0 ? 'expired' : 'early';
      return this.#react({ ...state, [counter]: state[counter] + 1 }, step, turn);
    }
    const flight = copy ? state.flight : without(state.flight, frame.index);
    return this.#react({ ...state, flight, doubled: state.doubled + (copy ? 1 : 0) }, step, { frame, side, copy });
  }

  /** The one way to go on by that name, or to begin; undefined when there is none. */
  follow(before: WorldState | undefined, name: string): Successor | undefined {
    const names = this.#namesIn(before);
    const wanted = ({ move }: Successor) => this.#nameAmong(names, before, move) === name;
    if (before === undefined) return this.begin().find(wanted);
    const [what] = name.split(' ~');
    const turn = this.turns(before).find((each) => this.#nameAmong(names, before, { ...each, lost: [] }) === what);
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

  #stepOf(state: WorldState, { frame, side }: Turn): LocalStep {
    const step = this[side].step(state[side], frame?.index ?? expiry);
    return side === 'client' && this.bounds.talk ? this.#talk(state.client, step) : step;
  }

  #react(state: WorldState, step: LocalStep, move: Turn): readonly Successor[] {
    const { doubled, early, expired } = state;
    const { frame, side, copy } = move;
    const client = side === 'client' ? step.to : state.client;
    const server = side === 'server' ? step.to : state.server;
    const repeated = doubled + early + expired > 0;
    const violations = [...step.violations, ...jointViolations({ client, server }, this.pair, this.said)].filter(
      ({ unless }) => !(unless === 'repeated' && repeated) && !(unless === 'given-up' && state.lost >= fewestTries),
    );
    return choices(step.sent, this.bounds.losses - state.lost).map((lost) => ({
      move: { frame, side, copy, lost },
      state: {
        client,
        server,
        flight: withAll(state.flight, step.sent, lost),
        lost: state.lost + lost.length,
        doubled,
        early,
        expired,
      },
      violations,
    }));
  }

  /** The sentence follows at once on the notice that the connection is there. */
  #talk(before: LocalState, step: LocalStep): LocalStep {
    if (before.ledger.told === 'established' || step.to.ledger.told !== 'established') return step;
    const spoken = this.client.step(step.to, utterance);
    return {
      to: spoken.to,
      sent: [...step.sent, ...spoken.sent],
      violations: [...step.violations, ...spoken.violations],
    };
  }

  /** What the client's application says before the schedule is over. */
  get said(): string {
    return this.bounds.talk ? sentence : '';
  }

  /**
   * Whether nothing can be asked of a schedule that is over without a connection: after a loss its timers would have gone on
   * beyond the bound, or so much was lost that it is right to give up.
   */
  unjudged(state: WorldState): boolean {
    if (state.lost === 0 || content(state)) return false;
    return state.lost >= fewestTries || (state.expired >= this.bounds.expiries && armed(state).length > 0);
  }

  /** What must hold when a schedule is over. */
  conclude(state: WorldState): readonly Violation[] {
    return concludingViolations(state, state.lost, this.said);
  }

  /** A move by its name, as schedules are written: `S1`, `Y2+` (a copy stays), `expire client`, `S1 ~Y1` (Y1 is lost). */
  nameMove(before: WorldState | undefined, move: Move): string {
    return this.#nameAmong(this.#namesIn(before), before, move);
  }

  #namesIn(state: WorldState | undefined): ReadonlyMap<Frame, string> {
    return namesOf(state?.flight.map((index) => this.frames.at(index)) ?? []);
  }

  #nameAmong(names: ReadonlyMap<Frame, string>, before: WorldState | undefined, move: Move): string {
    const { frame, side, copy, lost } = move;
    const expires = before === undefined ? 'connect' : `expire ${side}`;
    const what = frame === undefined ? expires : `${names.get(frame)}${copy ? '+' : ''}`;
    if (lost.length === 0) return what;
    const answers = namesOf(this.sentBy(before, move));
    return [what, ...lost.map((each) => `~${answers.get(each)}`)].join(' ');
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

/** The segments under way and those sent but not lost, in ascending order. */
const withAll = (flight: readonly number[], sent: readonly Frame[], lost: readonly Frame[]): readonly number[] => {
  if (sent.length === lost.length) return flight;
  const all = flight.slice();
  for (const frame of sent) {
    if (lost.includes(frame)) continue;
    let at = all.length;
    for (let before = all[at - 1]; before !== undefined && before > frame.index; before = all[at - 1]) at -= 1;
    all.splice(at, 0, frame.index);
  }
  return all;
};

const without = (flight: readonly number[], index: number): readonly number[] => {
  const rest = flight.slice();
  rest.splice(flight.indexOf(index), 1);
  return rest;
};

const nothingLost: readonly (readonly Frame[])[] = [[]];

/** Every choice of at most `most` of the frames, the empty one first. */
const choices = (frames: readonly Frame[], most: number): readonly (readonly Frame[])[] => {
  if (most <= 0 || frames.length === 0) return nothingLost;
  const [first, ...rest] = frames;
  if (first === undefined) return [[]];
  return [...choices(rest, most), ...choices(rest, most - 1).map((chosen) => [first, ...chosen])];
};
