/**
 * Hosts of the reference that share interfaces and addresses: one for all peers, and one for each group of peers that
 * were isolated. An isolated host starts fresh: it uses no state of others, and others use none of its state, so cases
 * about the state of a host can run at once and in any order.
 *
 * The source address of a frame determines its host (IP source, sender of an ARP message); a connection that control
 * opens belongs to the host of the peer it goes to.
 */
import type { Clock } from '../net/clock/clock.js';
import { forward } from '../net/link/forward.js';
import { keyOfAddress, sourceKey } from '../net/link/frame-ends.js';
import type { Arrival, Link } from '../net/link/link.js';
import type { ReferenceHost } from '../reference/contract.js';
import type { ControlAnswer, ControlCommand } from '../suite/scenario/contract.js';
import { AttachedHost } from './attached-host.js';

/** A host and the way frames come to it. */
interface Seat {
  readonly host: AttachedHost;
  readonly deliver: (arrival: Arrival) => void;
}

export class IsolatedHosts {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #create: (name: string) => ReferenceHost;
  readonly #shared: Seat;
  readonly #unsubscribe: () => void;
  /** Seats by the keys of their peers' addresses. */
  readonly #seats = new Map<string, Seat>();
  /** Seats by the connections that control opened in them. */
  readonly #opened = new Map<string, Seat>();
  readonly #listening: { readonly port: number; readonly service: 'echo' | 'discard' }[] = [];
  #isolated = 0;

  /** `create` makes a host; its name tells it from the others, e.g. for what it draws from a seed. */
  constructor(create: (name: string) => ReferenceHost, link: Link, clock: Clock) {
    this.#create = create;
    this.#link = link;
    this.#clock = clock;
    this.#shared = this.#seat('shared');
    this.#unsubscribe = link.subscribe((arrival) => {
      const key = sourceKey(arrival.frame);
      const seat = key === undefined ? undefined : this.#seats.get(key);
      (seat ?? this.#shared).deliver(arrival);
    });
  }

  listen(port: number, service: 'echo' | 'discard'): void {
    this.#listening.push({ port, service });
    for (const { host } of this.#all()) host.listen(port, service);
  }

  /** From now on these addresses get a host of their own. Earlier isolated hosts of one of them are dropped. */
  isolate(peers: readonly string[]): void {
    const keys = peers.map(keyOfAddress);
    for (const key of keys) {
      const former = this.#seats.get(key);
      if (former !== undefined) this.#remove(former);
    }
    this.#isolated += 1;
    const seat = this.#seat(`isolated ${this.#isolated}`);
    for (const { port, service } of this.#listening) seat.host.listen(port, service);
    for (const key of keys) this.#seats.set(key, seat);
  }

  /** Drops all connections and all hosts but the shared one, as a restart would; listeners stay. */
  reset(): void {
    for (const seat of new Set(this.#seats.values())) this.#remove(seat);
    this.#shared.host.reset();
    this.#opened.clear();
  }

  /** Stops taking frames and waking up; the link stays open. */
  detach(): void {
    this.#unsubscribe();
    for (const { host } of this.#all()) host.detach();
  }

  perform(command: ControlCommand): ControlAnswer {
    switch (command.verb) {
      case 'connect': {
        const seat = this.#seatOf(command.to.address);
        const answer = seat.host.perform(command);
        if (answer.answer === 'ok') this.#opened.set(command.connection, seat);
        return answer;
      }
      case 'send':
      case 'close':
      case 'abort':
      case 'announce':
      case 'withdraw':
      case 'prioritise':
      case 'info': {
        const peer = /^accepted:(.+)$/.exec(command.connection)?.[1];
        const seat = peer === undefined ? this.#opened.get(command.connection) : this.#seatOf(peer);
        return (seat ?? this.#shared).host.perform(command);
      }
      case 'accepted':
        return { answer: 'ok', result: this.#countAccepted(command.from) };
      case 'health':
        return this.#shared.host.perform(command);
    }
  }

  #countAccepted(from: readonly string[]): { count: number; closed: number } {
    const total = { count: 0, closed: 0 };
    for (const address of new Set(from)) {
      const { count, closed } = this.#seatOf(address).host.countAccepted([address]);
      total.count += count;
      total.closed += closed;
    }
    return total;
  }

  #seatOf(address: string): Seat {
    return this.#seats.get(keyOfAddress(address)) ?? this.#shared;
  }

  #all(): ReadonlySet<Seat> {
    return new Set([this.#shared, ...this.#seats.values()]);
  }

  #seat(name: string): Seat {
    const listeners = new Set<(arrival: Arrival) => void>();
    const own: Link = {
      ...forward(this.#link),
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    return {
      host: new AttachedHost(this.#create(name), own, this.#clock),
      deliver: (arrival) => {
        for (const listener of listeners) listener(arrival);
      },
    };
  }

  #remove(seat: Seat): void {
    seat.host.detach();
    for (const [key, each] of this.#seats) if (each === seat) this.#seats.delete(key);
    for (const [name, each] of this.#opened) if (each === seat) this.#opened.delete(name);
  }
}
