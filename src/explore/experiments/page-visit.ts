/**
 * One visit to a page: a client that fetches it over connections to the aggregation point, which answers at once and in order
 * (what lies beyond it is as good as in the paper's experiment: not the bottleneck). Each connection fetches one thing after
 * another, or one thing alone, and then the next takes a new connection in its place. The document comes first; when a round of objects is complete, the connections and objects of the next begin. Data
 * runs over the reference's own TCP and MPTCP: slow start, its scheduler, retransmissions.
 */
import type { Time } from '../../net/clock/clock.js';
import type { Chance } from '../../net/link/chance.js';
import { type Pair, serverAddress, serverPort } from '../pair.js';
import { JoinedHosts, type Wire } from './joined-hosts.js';
import { objectSizes, type PageProfile } from './page-profile.js';

/** What a connection is for: one thing after another, or one alone. */
export const connectionUses = ['persistent', 'short'] as const;
export type ConnectionUse = (typeof connectionUses)[number];

export interface VisitSetup {
  readonly page: PageProfile;
  readonly connections: ConnectionUse;
  readonly pair: Pair;
  readonly wires: readonly Wire[];
  readonly chance: Chance;
}

/** Octets of a request; the first four say how many octets are wanted. */
const requestOctets = 400;
/** A page that takes longer is given up by its reader. */
const limit: Time = 120_000_000_000n;

/** A connection as the client sees it: what is still to be fetched, and how much of the present thing is missing. */
interface Fetching {
  readonly queue: number[];
  missing: number;
}

/** When the last octets of a page and of its document are there, since the first SYN. */
export interface VisitTimes {
  readonly document: Time;
  readonly page: Time;
}

/** Undefined when the page never is complete. */
export const visitPage = (setup: VisitSetup): VisitTimes | undefined => new PageVisit(setup).load();

class PageVisit {
  readonly #hosts: JoinedHosts;
  /** Object sizes by round; the document is a round of its own. */
  readonly #rounds: readonly (readonly number[])[];
  /** Connections that exist when a round begins. */
  readonly #connectionsBy: readonly number[];
  readonly #use: ConnectionUse;
  readonly #connections = new Map<string, Fetching>();
  /** Octets of requests that the server has, by its connection. */
  readonly #requested = new Map<string, Uint8Array>();
  #round = 0;
  #missing = 0;
  #document: Time | undefined;
  #complete: VisitTimes | undefined;
  #failed = false;

  constructor({ page, connections, pair, wires, chance }: VisitSetup) {
    this.#use = connections;
    this.#rounds = [[page.document], ...deal(objectSizes(page), page.rounds)];
    this.#connectionsBy = this.#rounds.map((_, round) =>
      round === 0 ? 1 : Math.max(1, Math.ceil((page.connections * round) / page.rounds)),
    );
    this.#hosts = new JoinedHosts({
      pair,
      wires,
      chance,
      noticed: (side, notice, at) => {
        switch (notice.notice) {
          case 'data':
            if (side === 'server') this.#takeRequest(notice.connection, notice.octets);
            else this.#takeAnswer(notice.connection, notice.octets.length, at);
            break;
          case 'failed':
            this.#failed = true;
            break;
          case 'accepted':
          case 'established':
          case 'closed':
            break;
        }
      },
    });
  }

  load(): VisitTimes | undefined {
    this.#hosts.act('server', (host, now) => host.listen(serverPort, 'discard', now));
    this.#begin(0);
    this.#hosts.run(() => this.#complete !== undefined || this.#failed, limit);
    return this.#complete;
  }

  #begin(round: number): void {
    this.#round = round;
    const sizes = this.#rounds[round] ?? [];
    this.#missing = sizes.length;
    while (this.#connections.size < (this.#connectionsBy[round] ?? 1)) this.#connect([]);
    // The newest connections first: they were opened for this round.
    const idle = [...this.#connections].reverse();
    for (const [index, size] of sizes.entries()) idle[index % idle.length]?.[1].queue.push(size);
    for (const [connection, fetching] of idle) this.#ask(connection, fetching);
  }

  /** A connection for what is in the queue. */
  #connect(queue: number[]): readonly [connection: string, fetching: Fetching] {
    const { connection } = this.#hosts.act('client', (host, now) =>
      host.connect({ address: serverAddress, port: serverPort }, now),
    );
    const fetching: Fetching = { queue, missing: 0 };
    this.#connections.set(connection, fetching);
    return [connection, fetching];
  }

  #askNext(connection: string, fetching: Fetching): void {
    if (this.#use === 'persistent') {
      this.#ask(connection, fetching);
      return;
    }
    this.#connections.delete(connection);
    this.#hosts.act('client', (host, now) => host.close(connection, now));
    if (fetching.queue.length === 0) return;
    const [next, waiting] = this.#connect(fetching.queue);
    this.#ask(next, waiting);
  }

  #ask(connection: string, fetching: Fetching): void {
    const wanted = fetching.queue.shift();
    if (wanted === undefined) return;
    fetching.missing = wanted;
    const request = new Uint8Array(requestOctets);
    new DataView(request.buffer).setUint32(0, wanted);
    this.#hosts.act('client', (host, now) => host.send(connection, request, now));
  }

  #takeRequest(connection: string, octets: Uint8Array): void {
    const begun = this.#requested.get(connection) ?? new Uint8Array(0);
    const request = new Uint8Array([...begun, ...octets]);
    if (request.length < requestOctets) {
      this.#requested.set(connection, request);
      return;
    }
    this.#requested.delete(connection);
    const wanted = new DataView(request.buffer).getUint32(0);
    this.#hosts.act('server', (host, now) => host.send(connection, new Uint8Array(wanted), now));
  }

  #takeAnswer(connection: string, octets: number, at: Time): void {
    const fetching = this.#connections.get(connection);
    if (fetching === undefined) return;
    fetching.missing -= octets;
    if (fetching.missing > 0) return;
    this.#missing -= 1;
    this.#askNext(connection, fetching);
    if (this.#missing > 0) return;
    this.#document ??= at;
    if (this.#round + 1 < this.#rounds.length) this.#begin(this.#round + 1);
    else this.#complete = { document: this.#document, page: at };
  }
}

/** Deals objects to rounds so that each gets small and large ones. */
const deal = (sizes: readonly number[], rounds: number): readonly (readonly number[])[] =>
  Array.from({ length: rounds }, (_, round) => sizes.filter((_size, index) => index % rounds === round));
