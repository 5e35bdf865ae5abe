/**
 * What has to work when a schedule is over, whatever way led there: three sentences of the client come back once each and in
 * order (INV-10), with all that ledgers check of data (INV-4, INV-9), and still one connection (INV-1). From here on
 * segments arrive in the order in which they were sent, and timers expire when nothing is under way.
 */
import { type Endpoint, sentence } from './endpoint.js';
import type { Frame } from './frame-table.js';
import type { Violation } from './ledger.js';
import type { World, WorldState } from './world.js';

const sentences = 3;
/** Arrivals and expiries beyond which nobody waits for an echo any more. */
const patience = { arrivals: 400, expiries: 40 };

export class Closing {
  readonly #world: World;
  readonly #known = new Map<string, readonly Violation[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What goes wrong after that state; asked once for each pair of hosts, however they came to be what they are. */
  problems({ client, server, flight }: WorldState): readonly Violation[] {
    const key = `${client.host} ${server.host}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { frames } = this.#world;
    const problems = converse(
      {
        client: this.#world.client.materialise(client),
        server: this.#world.server.materialise(server),
      },
      flight.map((index) => frames.at(index)),
    );
    this.#known.set(key, problems);
    return problems;
  }
}

/** Lets the client say its sentences and collects what is violated. */
const converse = (
  ends: { readonly client: Endpoint; readonly server: Endpoint },
  flight: readonly Frame[],
): readonly Violation[] => {
  const violations: Violation[] = [];
  const queue: Frame[] = [...flight];
  let arrivals = 0;
  const take = ({ sent, violations: more }: ReturnType<Endpoint['say']>): void => {
    queue.push(...sent);
    violations.push(...more);
  };
  const flush = (): void => {
    for (let frame = queue.shift(); frame !== undefined && arrivals < patience.arrivals; frame = queue.shift()) {
      arrivals += 1;
      take(ends[frame.to].hear(frame));
    }
  };
  const before = ends.client.ledger.got;
  flush();
  for (let turn = 0; turn < sentences; turn++) {
    take(ends.client.say());
    flush();
  }
  const awaited = before + sentence.repeat(sentences);
  for (let expiries = 0; expiries < patience.expiries && ends.client.ledger.got.length < awaited.length; expiries++) {
    const next = earliest(ends.client, ends.server);
    if (next === undefined) break;
    take(next.expire());
    flush();
  }
  for (const [what, got] of [
    ['the server got', ends.server.ledger.got],
    ['the echo is', ends.client.ledger.got],
  ] as const) {
    if (got !== awaited) {
      violations.push({ invariant: 'INV-10', what: `${what} "${got}" where the client said "${awaited}"` });
    }
  }
  return violations;
};

const earliest = (client: Endpoint, server: Endpoint): Endpoint | undefined => {
  if (client.wakeAt === undefined) return server.wakeAt === undefined ? undefined : server;
  return server.wakeAt === undefined || client.wakeAt <= server.wakeAt ? client : server;
};
