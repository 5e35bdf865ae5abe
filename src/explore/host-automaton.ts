/**
 * The host of one end as an automaton that is built while it is walked: the reaction of the reference to an input in a
 * state is computed once and stored. States are distinguished by the host's own description; if it has none (a mutant
 * with memory), a state is its whole history. If a host has left a state that gets another input, a new host replays the
 * history, unless another host is in that state.
 */
import type { HostNotice } from '../reference/contract.js';
import { Endpoint, type Input } from './endpoint.js';
import type { Frame, FrameTable } from './frame-table.js';
import type { EndMaker } from './pair.js';
import { StateCode } from './state-code.js';

/** An input by number: a segment's index, or one of these. */
export const farewell = -4;
export const opening = -3;
export const utterance = -2;
export const expiry = -1;

export interface HostState {
  readonly id: number;
  /** Its own clock. */
  readonly now: bigint;
  readonly wakeAt: bigint | undefined;
  readonly standing: string | undefined;
  readonly parent: HostState | undefined;
  readonly input: number;
  readonly next: Map<number, HostStep>;
}

export interface HostStep {
  readonly to: HostState;
  readonly notices: readonly HostNotice[];
  readonly sent: readonly Frame[];
}

/** Hosts kept in their states: more hosts use more memory, fewer need more replays of histories. */
const keptAlive = 4096;

export class HostAutomaton {
  readonly #maker: EndMaker;
  readonly #frames: FrameTable;
  readonly #byHistory: boolean;
  readonly #code = new StateCode();
  readonly #states = new Map<string, HostState>();
  /** Hosts by the state in which they are, whatever way each came there; the state entered longest ago first. */
  readonly #alive = new Map<HostState, Endpoint[]>();
  #kept = 0;
  /** Before the client connects, or the server listens. */
  readonly start: HostState;
  /** Inputs that hosts were given, repetitions included. */
  asked = 0;

  constructor(maker: EndMaker, frames: FrameTable, byHistory: boolean) {
    this.#maker = maker;
    this.#frames = frames;
    this.#byHistory = byHistory;
    this.start = this.#enter(new Endpoint(maker, frames), undefined, opening);
  }

  step(state: HostState, input: number): HostStep {
    const known = state.next.get(input);
    if (known !== undefined) return known;
    const endpoint = this.#awaken(state) ?? this.materialise(state);
    this.asked += 1;
    const { notices, sent } = endpoint.give(this.#inputOf(input));
    const step: HostStep = { to: this.#enter(endpoint, state, input), notices, sent };
    state.next.set(input, step);
    return step;
  }

  /** A fresh host in that state. */
  materialise(state: HostState): Endpoint {
    const history: Input[] = [];
    for (let each = state; each.parent !== undefined; each = each.parent) history.push(this.#inputOf(each.input));
    const endpoint = new Endpoint(this.#maker, this.#frames);
    endpoint.relive(history.reverse());
    this.asked += history.length;
    return endpoint;
  }

  /** A host kept in that state, which is the caller's from now on. */
  #awaken(state: HostState): Endpoint | undefined {
    const kept = this.#alive.get(state);
    const endpoint = kept?.pop();
    if (endpoint !== undefined) this.#kept -= 1;
    if (kept?.length === 0) this.#alive.delete(state);
    return endpoint;
  }

  /** Keeps a host for the next input in its state, and drops the oldest if there are too many. */
  #keep(state: HostState, endpoint: Endpoint): void {
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

  #inputOf(input: number): Input {
    switch (input) {
      case opening:
        return 'begin';
      case expiry:
        return 'expire';
      case utterance:
        return 'say';
      case farewell:
        return 'close';
      default:
        return this.#frames.at(input);
    }
  }

  #enter(endpoint: Endpoint, parent: HostState | undefined, input: number): HostState {
    const description = this.#byHistory ? undefined : endpoint.describe();
    const code = this.#code.of(description ?? [parent?.id, input]);
    let state = this.#states.get(code);
    if (state === undefined) {
      const id = this.#states.size;
      state = {
        id,
        now: endpoint.now,
        wakeAt: endpoint.wakeAt,
        standing: endpoint.standing(),
        parent,
        input,
        next: new Map(),
      };
      this.#states.set(code, state);
    }
    this.#keep(state, endpoint);
    return state;
  }
}
