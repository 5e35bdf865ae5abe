/**
 * What has to be true when a schedule is over, whatever way led there: there is a connection (INV-1, INV-2), and it works: three sentences of the client come back once each and in
 * order (INV-10), with all that ledgers check of data (INV-4, INV-9), and still one connection (INV-1). From here on
 * segments arrive in the order in which they were sent, and timers expire when nothing is under way.
 */
import type { LocalState } from './automaton.js';
import { sentence } from './endpoint.js';
import type { Frame } from './frame-table.js';
import { expiry, utterance } from './host-automaton.js';
import type { Ledger, Violation } from './ledger.js';
import type { Side } from './pair.js';
import { StateCode } from './state-code.js';
import type { World, WorldState } from './world.js';

const sentences = 3;
/** What a ledger counts for the report alone. */
const uncounted = { sent: 0, resets: 0 } satisfies Partial<Ledger>;
/** Arrivals and expiries beyond which nobody waits for an echo any more. */
const patience = { arrivals: 400, expiries: 40 };

export class Closing {
  readonly #world: World;
  readonly #code = new StateCode();
  readonly #known = new Map<string, readonly Violation[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What is violated at the end of a schedule; undefined where the bounds ended it before it can be asked for a connection. */
  judge(state: WorldState): readonly Violation[] | undefined {
    if (this.#world.unjudged(state)) return undefined;
    const missing = this.#world.conclude(state);
    return missing.length > 0 ? missing : this.#problems(state);
  }

  /** What goes wrong after that state; asked once for ends that differ in nothing but how much they sent. */
  #problems(state: WorldState): readonly Violation[] {
    const key = this.#code.of(
      [state.client, state.server].map(({ host, ledger }) => [host.id, { ...ledger, ...uncounted }]),
    );
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const problems = new Conversation(this.#world, state).hold();
    this.#known.set(key, problems);
    return problems;
  }
}

/** The client says its sentences, the server echoes them; what is violated is collected. */
class Conversation {
  readonly #world: World;
  readonly #ends: Record<Side, LocalState>;
  readonly #queue: Frame[];
  readonly #violations: Violation[] = [];
  #arrivals = 0;

  constructor(world: World, { client, server, flight }: WorldState) {
    this.#world = world;
    this.#ends = { client, server };
    this.#queue = flight.map((index) => world.frames.at(index));
  }

  hold(): readonly Violation[] {
    const ends = this.#ends;
    const awaited = this.#world.said + sentence.repeat(sentences);
    this.#flush();
    for (let turn = 0; turn < sentences; turn++) this.#give('client', utterance);
    for (let expiries = 0; expiries < patience.expiries && ends.client.ledger.got.length < awaited.length; expiries++) {
      const next = this.#nextToExpire();
      if (next === undefined) break;
      this.#give(next, expiry);
    }
    this.#compare('the server got', ends.server, awaited);
    this.#compare('the echo is', ends.client, awaited);
    return this.#violations;
  }

  #give(side: Side, input: number): void {
    this.#step(side, input);
    this.#flush();
  }

  #flush(): void {
    for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
      if (this.#arrivals++ >= patience.arrivals) return;
      this.#step(frame.to, frame.index);
    }
  }

  #step(side: Side, input: number): void {
    const { to, sent, violations } = this.#world[side].step(this.#ends[side], input);
    this.#ends[side] = to;
    this.#queue.push(...sent);
    this.#violations.push(...violations);
  }

  #nextToExpire(): Side | undefined {
    const client = this.#ends.client.host;
    const server = this.#ends.server.host;
    if (client.wakeAt === undefined) return server.wakeAt === undefined ? undefined : 'server';
    return server.wakeAt === undefined || client.wakeAt <= server.wakeAt ? 'client' : 'server';
  }

  #compare(what: string, { ledger }: LocalState, awaited: string): void {
    if (ledger.got === awaited) return;
    this.#violations.push({
      invariant: 'INV-10',
      what: `${what} "${ledger.got}" where the client said "${awaited}"`,
    });
  }
}
