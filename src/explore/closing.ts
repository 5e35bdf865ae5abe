/**
 * The conditions at the end of every schedule: there is a connection (INV-1, INV-2), and it works: three sentences of the
 * client come back once each and in order (INV-10), with all checks of the ledgers on data (INV-4, INV-9), and still one
 * connection (INV-1). When every timer has run out each path is in use once (INV-18), and a fourth sentence comes back as
 * well and takes one segment each way (INV-19). After the schedule, segments arrive in the order in which they were sent,
 * and timers expire when no segment is in flight.
 */
import type { LocalState } from './automaton.js';
import { sentence } from './endpoint.js';
import type { Frame } from './frame-table.js';
import { expiry, utterance } from './host-automaton.js';
import { everyPathOnce } from './invariants/paths-in-use.js';
import type { Ledger, Violation } from './ledger.js';
import type { Side } from './pair.js';
import type { World, WorldState } from './world.js';

const sentences = 3;
/** Counts of a ledger that only the report uses. */
const uncounted = { sent: 0, resets: 0 } satisfies Partial<Ledger>;
/** The most arrivals, expiries and nanoseconds of one end's clock for which the closing phase waits. */
const patience = { arrivals: 600, expiries: 60, time: 400_000_000_000n };

export class Closing {
  readonly #world: World;
  readonly #known = new Map<string, readonly Violation[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The violations at the end of a schedule; undefined if the bounds ended it before a connection can be required. */
  judge(state: WorldState): readonly Violation[] | undefined {
    if (this.#world.unjudged(state)) return undefined;
    const missing = this.#world.conclude(state);
    return missing.length > 0 ? missing : this.#problems(state);
  }

  /** The violations after that state; computed once for ends that differ only in how much they sent. */
  #problems(state: WorldState): readonly Violation[] {
    const end = (side: Side): string => {
      const { host, ledger } = state[side];
      return `${host.id}/${this.#world[side].ledgers.of({ ...ledger, ...uncounted })}`;
    };
    const key = `${state.lost === 0} ${state.dead.join()} ${end('client')} ${end('server')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const problems = new Conversation(this.#world, state).hold();
    this.#known.set(key, problems);
    return problems;
  }
}

/** The client sends its sentences, the server echoes them; violations are collected. */
class Conversation {
  readonly #world: World;
  readonly #ends: Record<Side, LocalState>;
  readonly #queue: Frame[];
  readonly #said: string;
  readonly #dead: readonly number[];
  /** Only dead paths lost segments: missing data is the fault of an end. */
  readonly #lossless: boolean;
  readonly #until: Readonly<Record<Side, bigint>>;
  readonly #violations: Violation[] = [];
  #arrivals = 0;
  #expiries = 0;
  /** Segments with data that each end sent. */
  readonly #data: Record<Side, number> = { client: 0, server: 0 };

  constructor(world: World, state: WorldState) {
    const { client, server, flight, dead } = state;
    this.#world = world;
    this.#ends = { client, server };
    this.#said = world.saidIn(state);
    this.#dead = dead;
    this.#lossless = state.lost === 0;
    this.#until = { client: client.host.now + patience.time, server: server.host.now + patience.time };
    this.#queue = flight.map((index) => world.frames.at(index));
  }

  hold(): readonly Violation[] {
    const said = this.#said + sentence.repeat(sentences);
    this.#flush();
    for (let turn = 0; turn < sentences; turn++) this.#give('client', utterance);
    while (this.#ends.client.ledger.got.length < said.length && this.#expireNext());
    this.#compare(said);
    if (this.#violations.length > 0) return this.#violations;
    while (this.#expireNext());
    const before = { ...this.#data };
    this.#give('client', utterance);
    this.#compare(said + sentence);
    if (this.#lossless) this.#violations.push(...everyPathOnce(this.#ends, this.#dead, this.#world.pair));
    if (this.#lossless && this.#dead.length === 0) this.#checkRedundancy(before);
    return this.#violations;
  }

  /** Neither end sends data twice any more. */
  #checkRedundancy(before: Readonly<Record<Side, number>>): void {
    for (const end of ['client', 'server'] as const) {
      const segments = this.#data[end] - before[end];
      if (segments <= 1) continue;
      const what = `after every timer ran out the ${end} sends a sentence ${segments} times`;
      this.#violations.push({ invariant: 'INV-19', what, end });
    }
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
    this.#data[side] += sent.filter(({ letters }) => /^.D/.test(letters)).length;
    this.#queue.push(...sent.filter(({ path }) => !this.#dead.includes(path)));
    this.#violations.push(...violations.filter(({ unless }) => unless === undefined));
  }

  /** False if no timer runs, or a bound of waiting is reached. */
  #expireNext(): boolean {
    const next = this.#nextToExpire();
    if (next === undefined || this.#expiries++ >= patience.expiries) return false;
    this.#give(next, expiry);
    return true;
  }

  /** The clocks of both ends began together. */
  #nextToExpire(): Side | undefined {
    const [client, server] = [this.#wakeOf('client'), this.#wakeOf('server')];
    if (client === undefined) return server === undefined ? undefined : 'server';
    return server === undefined || client <= server ? 'client' : 'server';
  }

  #wakeOf(side: Side): bigint | undefined {
    const { wakeAt } = this.#ends[side].host;
    return wakeAt === undefined || wakeAt > this.#until[side] ? undefined : wakeAt;
  }

  /** The server got it, and the client got it back. */
  #compare(awaited: string): void {
    for (const [what, by, from] of [
      ['the server got', 'server', 'client'],
      ['the echo is', 'client', 'server'],
    ] as const) {
      const { got } = this.#ends[by].ledger;
      if (got === awaited) continue;
      // Who got less than was sent, and nothing else, has not read it.
      const end = !awaited.startsWith(got) ? undefined : this.#data[from] < sentences ? from : by;
      const problem = `${what} "${got}" where the client said "${awaited}"`;
      this.#violations.push({ invariant: 'INV-10', what: problem, ...(end && { end }) });
      return;
    }
  }
}
