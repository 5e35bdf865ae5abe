/**
 * One end of the pair as an automaton that is built while it is walked: what a host does in a state with an input is asked of
 * the reference once and remembered. A state is that of the host and its ledger, by a code; where a host cannot describe itself
 * (a mutant that remembers), a state is its whole history. A host that is asked again in a state that it left is
 * made anew and taken through its history.
 */
import { Endpoint, type Reaction } from './endpoint.js';
import type { Frame, FrameTable } from './frame-table.js';
import type { Ledger, Violation } from './ledger.js';
import { type EndMaker, type Pair, prepareEnd, type Side } from './pair.js';
import { StateCode } from './state-code.js';

/** An input by number: a segment's index, or one of these. */
export const expiry = -1;
export const utterance = -2;

export interface LocalState {
  readonly id: number;
  readonly ledger: Ledger;
  readonly wakeAt: bigint | undefined;
  readonly standing: string | undefined;
  /** Code of the state of the host alone. */
  readonly host: string;
  /** Code of the state with its ledger. */
  readonly code: string;
  readonly parent: LocalState | undefined;
  readonly input: number;
  readonly next: Map<number, LocalStep>;
}

export interface LocalStep {
  readonly to: LocalState;
  readonly sent: readonly Frame[];
  readonly violations: readonly Violation[];
}

/** Hosts kept alive in the state in which they are: more cost memory, fewer cost histories gone through again. */
const keptAlive = 4096;

export interface AutomatonOptions {
  /** Tell states apart by history alone. */
  readonly byHistory?: boolean;
}

export class Automaton {
  readonly #maker: EndMaker;
  readonly #frames: FrameTable;
  readonly #options: AutomatonOptions;
  readonly #code = new StateCode();
  readonly #states = new Map<string, LocalState>();
  /** Hosts by the state in which they are, whatever way each came there; the state entered longest ago first. */
  readonly #alive = new Map<LocalState, Endpoint[]>();
  #kept = 0;
  /** Before the client connects, or the server listens. */
  readonly start: LocalState;
  /** Inputs that hosts were given, repetitions included. */
  asked = 0;

  constructor(pair: Pair, side: Side, frames: FrameTable, options: AutomatonOptions = {}) {
    this.#maker = prepareEnd(pair, side);
    this.#frames = frames;
    this.#options = options;
    this.start = this.#enter(new Endpoint(this.#maker, frames), undefined, expiry);
  }

  get size(): number {
    return this.#states.size;
  }

  /** The first step: connect, or listen. */
  begin(): LocalStep {
    return this.step(this.start, expiry);
  }

  step(state: LocalState, input: number): LocalStep {
    const known = state.next.get(input);
    if (known !== undefined) return known;
    const endpoint = this.#awaken(state) ?? this.materialise(state);
    const { sent, violations } = this.#give(endpoint, state, input);
    const step: LocalStep = { to: this.#enter(endpoint, state, input), sent, violations };
    state.next.set(input, step);
    return step;
  }

  /** A host kept in that state, which is the caller's from now on. */
  #awaken(state: LocalState): Endpoint | undefined {
    const kept = this.#alive.get(state);
    const endpoint = kept?.pop();
    if (endpoint !== undefined) this.#kept -= 1;
    if (kept?.length === 0) this.#alive.delete(state);
    return endpoint;
  }

  /** Keeps a host for the next input in its state, and lets the oldest go when there are too many. */
  #keep(state: LocalState, endpoint: Endpoint): void {
    const kept = this.#alive.get(state);
    if (kept === undefined) this.#alive.set(state, [endpoint]);
    else kept.push(endpoint);
    this.#kept += 1;
    if (this.#kept <= keptAlive) return;
    for (const [oldest, endpoints] of this.#alive) {
      this.#alive.delete(oldest);
      this.#kept -= endpoints.length;
      return;
    }
  }

  /** A fresh host in that state. */
  materialise(state: LocalState): Endpoint {
    const history: (Frame | 'begin' | 'expire' | 'say')[] = [];
    let endpoint: Endpoint | undefined;
    for (let each = state; each.parent !== undefined && endpoint === undefined; each = each.parent) {
      history.push(each.parent === this.start ? 'begin' : this.#inputOf(each.input));
      // What is kept in a state that was asked already is not needed there as likely.
      endpoint = this.#awaken(each.parent);
    }
    endpoint ??= new Endpoint(this.#maker, this.#frames);
    endpoint.relive(history.reverse(), state.ledger);
    this.asked += history.length;
    return endpoint;
  }

  #inputOf(input: number): Frame | 'expire' | 'say' {
    switch (input) {
      case expiry:
        return 'expire';
      case utterance:
        return 'say';
      default:
        return this.#frames.at(input);
    }
  }

  #give(endpoint: Endpoint, state: LocalState, number: number): Reaction {
    this.asked += 1;
    if (state === this.start) return endpoint.begin();
    const input = this.#inputOf(number);
    switch (input) {
      case 'expire':
        return endpoint.expire();
      case 'say':
        return endpoint.say();
      default:
        return endpoint.hear(input);
    }
  }

  #enter(endpoint: Endpoint, parent: LocalState | undefined, input: number): LocalState {
    const { ledger, wakeAt } = endpoint;
    const standing = endpoint.standing();
    const description = this.#options.byHistory === true ? undefined : endpoint.describe();
    const host = this.#code.of(description ?? [parent?.code, input]);
    const code = host + this.#code.of([ledger, standing]);
    const known = this.#states.get(code);
    if (known !== undefined) {
      this.#keep(known, endpoint);
      return known;
    }
    const state: LocalState = {
      id: this.#states.size,
      ledger,
      wakeAt,
      standing,
      host,
      code,
      parent,
      input,
      next: new Map(),
    };
    this.#states.set(code, state);
    this.#keep(state, endpoint);
    return state;
  }
}
