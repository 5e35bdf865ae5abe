/**
 * One end of the pair as an automaton that is built while it is walked: its host together with the ledger of an observer
 * at its wire. The same state of a host is met with many ledgers, so the actions of a host are looked up in the host's
 * own automaton, and only the ledger is advanced here.
 */
import type { Frame, FrameTable } from './frame-table.js';
import { expiry, HostAutomaton, type HostState, type HostStep, opening } from './host-automaton.js';
import { stepViolations } from './invariants/step-rules.js';
import { emptyLedger, type Ledger, type Violation } from './ledger.js';
import { LedgerCode } from './ledger-code.js';
import { type Observer, takeHeard, takeNotice, takeSent } from './observer.js';
import { type Pair, prepareEnd, type Side } from './pair.js';

export interface LocalState {
  readonly id: number;
  readonly host: HostState;
  readonly ledger: Ledger;
  readonly next: Map<number, LocalStep>;
}

export interface LocalStep {
  readonly to: LocalState;
  readonly sent: readonly Frame[];
  readonly violations: readonly Violation[];
}

export interface AutomatonOptions {
  /** Tell states apart by history alone. */
  readonly byHistory?: boolean;
}

export class Automaton {
  readonly hosts: HostAutomaton;
  readonly #pair: Pair;
  readonly #observer: Observer;
  readonly #frames: FrameTable;
  /** Numbers of ledgers. */
  readonly ledgers = new LedgerCode();
  readonly #states = new Map<string, LocalState>();
  /** Before the client connects, or the server listens. */
  readonly start: LocalState;

  constructor(pair: Pair, side: Side, frames: FrameTable, { byHistory = false }: AutomatonOptions = {}) {
    const maker = prepareEnd(pair, side);
    this.#pair = pair;
    this.#observer = maker;
    this.#frames = frames;
    this.hosts = new HostAutomaton(maker, frames, byHistory);
    this.start = this.#enter(this.hosts.start, emptyLedger);
  }

  get size(): number {
    return this.#states.size;
  }

  /** The first step: connect, or listen. */
  begin(): LocalStep {
    return this.step(this.start, opening);
  }

  step(state: LocalState, input: number): LocalStep {
    const known = state.next.get(input);
    if (known !== undefined) return known;
    const taken = this.hosts.step(state.host, input);
    const step = this.#observe(state.ledger, input, taken);
    state.next.set(input, step);
    return step;
  }

  /**
   * A segment is recorded before the reaction to it, and the acceptance of a connection before anything is sent on it.
   */
  #observe(before: Ledger, input: number, { to, notices, sent }: HostStep): LocalStep {
    const waits = input === expiry && before.told === undefined && before.accepted === 0;
    let ledger = waits ? { ...before, waits: before.waits + 1 } : before;
    const violations: Violation[] = [];
    const take = (taken: { readonly ledger: Ledger; readonly violations: readonly Violation[] }): void => {
      ledger = taken.ledger;
      violations.push(...taken.violations);
    };
    const heard = input >= 0 ? this.#frames.at(input) : undefined;
    if (heard !== undefined) take(takeHeard(this.#observer, ledger, heard));
    for (const notice of notices) take(takeNotice(ledger, notice));
    for (const frame of sent) take(takeSent(this.#observer, ledger, frame, to.now));
    const { side } = this.#observer;
    violations.push(...stepViolations({ pair: this.#pair, side, before, after: ledger, heard, sent, now: to.now }));
    return { to: this.#enter(to, ledger), sent, violations };
  }

  #enter(host: HostState, ledger: Ledger): LocalState {
    const code = `${host.id} ${this.ledgers.of(ledger)}`;
    const known = this.#states.get(code);
    if (known !== undefined) return known;
    const state: LocalState = { id: this.#states.size, host, ledger, next: new Map() };
    this.#states.set(code, state);
    return state;
  }
}
