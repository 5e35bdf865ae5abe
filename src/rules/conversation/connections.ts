/**
 * Connections by token and by key; state is kept for a bounded number. A subflow is assigned to its connection as soon as
 * a segment proves the connection; a connection ends with its last subflow.
 */
import { type MpCapable, MpCapableFlag } from '../../protocol/mptcp/option.js';
import { type Attachment, type Connection, type Host, learnKey, newHost, otherHost } from './connection.js';
import { Memory } from './memory.js';
import type { Subflow } from './subflow.js';

/**
 * A token names a connection and the host from whose key it is derived. If several hosts have the same token, it names
 * none of them.
 */
interface Named {
  readonly connection: Connection;
  readonly host: Host;
  readonly ambiguous: boolean;
}

const mostWithOneKey = 64;
/** Connections of version 1 whose Key-A is not known yet, kept at most. */
const mostUnkeyed = 64;

export class Connections {
  readonly #byToken: Memory<number, Named>;
  /** By the key's low 32 bits: the lookup of numbers is faster than that of bigints. */
  readonly #byKeyA: Memory<number, readonly Connection[]>;
  readonly #found: Record<Attachment, number> = { initial: 0, join: 0, downgraded: 0, 'join-cap': 0 };
  readonly #byKeyB: Memory<number, Connection>;
  #unkeyed: readonly Connection[] = [];
  /** A segment offered several keys at once: a token may belong to a key that the reader could not identify. */
  hasUntoldKeys = false;
  #count = 0;

  constructor(size: number) {
    this.#byToken = new Memory(size, ({ connection }) => hasEnded(connection));
    this.#byKeyA = new Memory(size, (connections) => connections.every(hasEnded));
    this.#byKeyB = new Memory(size, hasEnded);
  }

  /** Number of subflows assigned to a connection so far, by the way they were attached. */
  get attachments(): Readonly<Record<Attachment, number>> {
    return this.#found;
  }

  /** The connection that a join with this token belongs to, and the host that may send it. */
  named(wanted: number): { readonly connection: Connection; readonly opener: Host } | undefined {
    const named = this.#byToken.get(wanted);
    return named === undefined || named.ambiguous
      ? undefined
      : { connection: named.connection, opener: otherHost(named.host) };
  }

  /** Whether some key that was seen has this token, in one connection or in several. */
  knows(token: number): boolean {
    return this.#byToken.get(token) !== undefined;
  }

  /** Connections whose initiator has this key, the newest last. */
  withKeyA(key: bigint): readonly Connection[] {
    return (this.#byKeyA.get(lowBits(key)) ?? []).filter(({ hosts }) => hosts.a.key === key);
  }

  /** The open connection whose acceptor has this key. */
  withKeyB(key: bigint): Connection | undefined {
    const known = this.#byKeyB.get(lowBits(key));
    return known?.hosts.b.key === key && !hasEnded(known) ? known : undefined;
  }

  /** Connections of version 1 whose initiator has not sent its key yet, the newest last. */
  get withoutKeyA(): readonly Connection[] {
    return this.#unkeyed;
  }

  /** Creates a connection whose SYN and SYN/ACK were seen, and assigns the subflow to it. */
  open(subflow: Subflow, offer: MpCapable, answer: MpCapable): Connection {
    this.#count += 1;
    const a = newHost(subflow.opener);
    const b = newHost(subflow.listener);
    const version = answer.version === 0 ? 0 : 1;
    // In version 0 the bit belongs to the choice of algorithms.
    b.forbidsJoins = version === 1 && (answer.flags & MpCapableFlag.C) !== 0;
    a.forbidsJoins = version === 1 && (offer.flags & MpCapableFlag.C) !== 0;
    const connection: Connection = {
      number: this.#count,
      version,
      initial: subflow.number,
      subflows: 0,
      endedSubflows: 0,
      hosts: { a, b },
      offered: offer.flags,
      checksums: ((offer.flags | answer.flags) & MpCapableFlag.A) !== 0,
    };
    this.attach(subflow, connection, 'a', 'initial');
    if (answer.key !== undefined) {
      this.#learn(connection, 'b', answer.key);
      this.#byKeyB.set(lowBits(answer.key), connection);
    }
    if (version === 0 && offer.key !== undefined) this.learnKeyA(connection, offer.key);
    else this.#unkeyed = [...this.#unkeyed.slice(1 - mostUnkeyed), connection];
    return connection;
  }

  /** Stores Key-A of a connection, which version 1 sends only in the third segment or later. */
  learnKeyA(connection: Connection, key: bigint): void {
    if (connection.hosts.a.key !== undefined) return;
    if (this.#unkeyed.includes(connection)) this.#unkeyed = this.#unkeyed.filter((each) => each !== connection);
    this.#learn(connection, 'a', key);
    const others = this.#byKeyA.get(lowBits(key)) ?? [];
    this.#byKeyA.set(lowBits(key), [...others.slice(1 - mostWithOneKey), connection]);
  }

  attach(subflow: Subflow, connection: Connection, openedBy: Host, by: Attachment): void {
    if (subflow.connection?.initial === subflow.number) this.#found.initial -= 1;
    subflow.connection = connection;
    subflow.openedBy = openedBy;
    connection.subflows += 1;
    if (by === 'downgraded') connection.equals = true;
    this.#found[by] += 1;
  }

  #learn(connection: Connection, host: Host, key: bigint): void {
    const token = learnKey(connection, host, key);
    const known = this.#byToken.get(token);
    const ambiguous = known !== undefined && known.connection !== connection && !hasEnded(known.connection);
    this.#byToken.set(token, { connection, host, ambiguous });
  }
}

const lowBits = (key: bigint): number => Number(BigInt.asUintN(32, key));

/** Whether all of its subflows have ended. */
export const hasEnded = ({ subflows, endedSubflows }: Connection): boolean => subflows > 0 && endedSubflows >= subflows;
