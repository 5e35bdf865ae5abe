/**
 * One end of the pair as an automaton that is built while it is walked: what a host does in a state with an input is asked of
 * the reference once and remembered. A state is the text of the host and of its ledger; where a host cannot describe itself
 * (a mutant that remembers), a state is its whole history. A host that is asked again in a state that it left is
 * made anew and taken through its history.
 */
import { digest } from '../protocol/keys/hash.js';
import { describeState } from '../reference/describe-state.js';
import { Endpoint, type Reaction } from './endpoint.js';
import type { Frame, FrameTable } from './frame-table.js';
import type { Ledger, Violation } from './ledger.js';
import { type EndMaker, type Pair, prepareEnd, type Side } from './pair.js';

/** An input by number: a segment's index, or one of these. */
export const expiry = -1;
export const utterance = -2;

export interface LocalState {
  readonly id: number;
  readonly ledger: Ledger;
  readonly wakeAt: bigint | undefined;
  readonly standing: string | undefined;
  /** Names the state of the host alone; the same in every run. */
  readonly host: string;
  /** Names the state with its ledger. */
  readonly text: string;
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
  readonly #states = new Map<string, LocalState>();
  /** Hosts by the state in which they are, the oldest first. */
  readonly #alive = new Map<LocalState, Endpoint>();
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
    const endpoint = this.#alive.get(state) ?? this.materialise(state);
    this.#alive.delete(state);
    const { sent, violations } = this.#give(endpoint, state, input);
    const step: LocalStep = { to: this.#enter(endpoint, state, input), sent, violations };
    state.next.set(input, step);
    return step;
  }

  /** A fresh host in that state. */
  materialise(state: LocalState): Endpoint {
    const history: (Frame | 'begin' | 'expire' | 'say')[] = [];
    for (let each = state; each.parent !== undefined; each = each.parent) {
      history.push(each.parent === this.start ? 'begin' : this.#inputOf(each.input));
    }
    const endpoint = new Endpoint(this.#maker, this.#frames);
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
    const host = fingerprint(description ?? `${parent?.text} ${this.#nameOf(input)}`);
    const text = `${host} ${describeState([ledger, standing])}`;
    const known = this.#states.get(text);
    if (known !== undefined) return known;
    const state: LocalState = {
      id: this.#states.size,
      ledger,
      wakeAt,
      standing,
      host,
      text,
      parent,
      input,
      next: new Map(),
    };
    this.#states.set(text, state);
    this.#alive.set(state, endpoint);
    if (this.#alive.size > keptAlive) {
      for (const oldest of this.#alive.keys()) {
        this.#alive.delete(oldest);
        break;
      }
    }
    return state;
  }

  #nameOf(input: number): string {
    return input < 0 ? String(input) : this.#frames.at(input).content;
  }
}

/** 144 bits: that two states of one search have the same one is out of the question. */
const fingerprint = (text: string): string =>
  Buffer.from(digest('sha256', Buffer.from(text, 'latin1')))
    .toString('base64')
    .slice(0, 24);
