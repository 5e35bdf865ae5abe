/**
 * Connections that a run leaves at a host that stays up, and those that it finds there. A connection that one end has
 * dropped is half-open (RFC 9293 section 3.5.1); the host continues it, retransmits, and answers the next SYN from there
 * in another way than a fresh one. This must not affect any case.
 *
 * - A segment of a connection whose case is over is answered as by a host without that connection: with a reset whose
 *   number is the one that the segment acknowledges (RFC 9293 section 3.10.7.1). No case sees it.
 * - The same for a segment to a port that is not the case's own, at a host that stays up (`standing`): it belongs to an
 *   earlier run. Two runs have different ports and addresses (allocation.ts).
 * - `close` probes every connection of the run with a segment that an open one must answer with the number it expects,
 *   and a closed one with a reset, and resets the open ones.
 *
 * It keeps a few hundred octets for each connection. Resets are sent only to the declared addresses of the implementation.
 */
import type { SessionFacts } from '../../iut/contract.js';
import type { Clock, Time } from '../../net/clock/clock.js';
import { forward } from '../../net/link/forward.js';
import type { Arrival, Link } from '../../net/link/link.js';
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { type Seq, seq, seqAdd, seqBefore } from '../../protocol/wire/seq.js';
import { segmentLength } from '../../suite/scenario/flow.js';
import { portsPerCase } from '../../suite/scenario/flows.js';
import type { Loan } from '../allocation.js';

/** Both ends of a connection as the tester sees them, and the numbers of its segments. */
interface Connection {
  readonly path: number;
  readonly ethernet: { readonly source: string; readonly destination: string };
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  /** The case that has it; none after the case is over. */
  loan: Loan | undefined;
  /** The latest acknowledgment of the implementation: the number that it expects. */
  expected: Seq | undefined;
  /** The number after the last octet that the tester sent. */
  sentTo: Seq;
  /** The number after the last octet that the implementation sent. */
  peerSentTo: Seq | undefined;
  /** It answered the probe with a reset. A reset before that may leave a half-open connection there. */
  gone: boolean;
  /** Resets sent after the end of its case. */
  resets: number;
}

/** Most resets for a peer that answers each of them with another segment. */
const mostResets = 16;
/** Most connections of earlier runs to distinguish; further ones are not answered. */
const mostForeign = 65_536;
/** Times, nanoseconds since it began, at which `close` probes. Some hosts answer such a segment only twice a second. */
const asking: readonly Time[] = [0n, 60_000_000n, 600_000_000n];
/** How long the answer to a probe may take. */
const answering: Time = 60_000_000n;

export interface LeftoversSetup {
  readonly clock: Clock;
  readonly facts: SessionFacts;
  /** Whether the host was up before this run. */
  readonly standing: boolean;
}

export class Leftovers {
  readonly #clock: Clock;
  readonly #standing: boolean;
  readonly #own: ReadonlySet<string>;
  readonly #connections = new Map<string, Connection>();
  /** Loans by each of their addresses. */
  readonly #loans = new Map<string, Loan>();
  readonly #foreign = new Map<string, { readonly text: string; resets: number }>();
  #closing = false;
  #send: (path: number, frame: Uint8Array) => void = () => {};

  constructor({ clock, facts, standing }: LeftoversSetup) {
    this.#clock = clock;
    this.#standing = standing;
    const addresses = [facts.server.address, ...facts.paths.map(({ iutAddress }) => iutAddress)];
    this.#own = new Set(addresses.flatMap((each) => [each[4], each[6]]).filter((each) => each !== undefined));
  }

  /** The link as cases see it. */
  keepFrom(inner: Link): Link {
    const listeners = new Set<(arrival: Arrival) => void>();
    const unsubscribe = inner.subscribe((arrival) => {
      if (!this.#concernsCases(arrival)) return;
      for (const listener of listeners) listener(arrival);
    });
    this.#send = (path, frame) => inner.send(path, frame);
    return {
      ...forward(inner),
      send: (path, frame) => {
        this.#sent(path, frame);
        inner.send(path, frame);
      },
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      close: () => {
        unsubscribe();
        return inner.close();
      },
    };
  }

  /** A case has these addresses now. */
  begin(loan: Loan): void {
    for (const address of loan.addresses) this.#loans.set(address, loan);
  }

  /** The case is over, with all its connections. */
  end(loan: Loan): void {
    for (const address of loan.addresses) {
      if (this.#loans.get(address) === loan) this.#loans.delete(address);
    }
    for (const connection of this.#connections.values()) {
      if (connection.loan === loan) connection.loan = undefined;
    }
  }

  /** Connections of earlier runs that the host continued, a line each. */
  get foreign(): readonly string[] {
    return [...this.#foreign.values()].map(({ text }) => text);
  }

  /** Closes the open connections of the implementation; gives the number of those that stayed open. */
  async close(): Promise<number> {
    this.#closing = true;
    for (const connection of this.#connections.values()) connection.loan = undefined;
    const began = this.#clock.now();
    let heard = true;
    for (const after of asking) {
      const open = this.#open();
      if (open.length === 0 || !heard) break;
      await this.#until(began + after);
      heard = await this.#ask(open);
    }
    return this.#open().filter(({ resets }) => resets > 0).length;
  }

  #open(): readonly Connection[] {
    return [...this.#connections.values()].filter(({ gone }) => !gone);
  }

  /** Whether a segment of any of them came. */
  async #ask(connections: readonly Connection[]): Promise<boolean> {
    const before = connections.map(({ resets }) => resets);
    for (const connection of connections) {
      // A number before the window: a host with such a connection acknowledges the number that it expects (RFC 9293
      // section 3.10.7.4).
      const number = seqAdd(connection.expected ?? connection.sentTo, -1);
      this.#reply(connection, { seq: number, ack: connection.peerSentTo ?? seq(0), flags: TcpFlag.ACK });
    }
    await this.#until(this.#clock.now() + answering);
    return connections.some(({ gone, resets }, index) => gone || resets !== before[index]);
  }

  #until(time: Time): Promise<void> {
    return new Promise((resolve) => this.#clock.at(time, resolve));
  }

  #sent(path: number, frame: Uint8Array): void {
    const packet = decodeFrame(frame);
    if (packet.kind !== 'tcp') return;
    const { ethernet, ip, tcp } = packet;
    const key = keyOf(ip.source, tcp.sourcePort, ip.destination, tcp.destinationPort);
    const end = seqAdd(tcp.seq, segmentLength(tcp.flags, tcp.payload.length));
    const known = this.#connections.get(key);
    // A case may send segments that open and close nothing; probing them costs little.
    const connection = known ?? {
      path,
      ethernet: { source: ethernet.source, destination: ethernet.destination },
      local: ip.source,
      localPort: tcp.sourcePort,
      remote: ip.destination,
      remotePort: tcp.destinationPort,
      loan: undefined,
      expected: undefined,
      sentTo: end,
      peerSentTo: undefined,
      gone: false,
      resets: 0,
    };
    connection.loan = this.#loans.get(ip.source);
    connection.resets = 0;
    if (seqBefore(connection.sentTo, end)) connection.sentTo = end;
    this.#connections.set(key, connection);
  }

  /** Whether cases see the frame; other frames are handled here. */
  #concernsCases({ path, frame }: Arrival): boolean {
    const packet = decodeFrame(frame);
    if (packet.kind !== 'tcp') return true;
    const { ip, tcp } = packet;
    const connection = this.#connections.get(keyOf(ip.destination, tcp.destinationPort, ip.source, tcp.sourcePort));
    if (connection === undefined) return this.#isNew(path, packet);
    if ((tcp.flags & TcpFlag.ACK) !== 0) connection.expected = tcp.ack;
    const reset = (tcp.flags & TcpFlag.RST) !== 0;
    const end = seqAdd(tcp.seq, segmentLength(tcp.flags, tcp.payload.length));
    if (!reset && (connection.peerSentTo === undefined || seqBefore(connection.peerSentTo, end)))
      connection.peerSentTo = end;
    if (connection.loan !== undefined) return true;
    if (reset && this.#closing) connection.gone = true;
    if (reset || connection.resets >= mostResets) return false;
    connection.resets += 1;
    this.#refuse(path, packet);
    return false;
  }

  /** For a connection on which the tester never sent. */
  #isNew(path: number, packet: TcpPacket): boolean {
    const { ip, tcp } = packet;
    const loan = this.#loans.get(ip.destination);
    if (!this.#standing || (loan !== undefined && isOwnPort(loan, tcp.destinationPort))) return true;
    const key = keyOf(ip.destination, tcp.destinationPort, ip.source, tcp.sourcePort);
    const known = this.#foreign.get(key);
    if (known === undefined && this.#foreign.size >= mostForeign) return false;
    const found = known ?? {
      text: `${ip.source}:${tcp.sourcePort} to ${ip.destination}:${tcp.destinationPort}`,
      resets: 0,
    };
    this.#foreign.set(key, found);
    if ((tcp.flags & TcpFlag.RST) !== 0 || found.resets >= mostResets) return false;
    found.resets += 1;
    this.#refuse(path, packet);
    return false;
  }

  /** The reset that a segment without a connection draws. */
  #refuse(path: number, { ethernet, ip, tcp }: TcpPacket): void {
    const end = seqAdd(tcp.seq, segmentLength(tcp.flags, tcp.payload.length));
    const connection = {
      path,
      ethernet: { source: ethernet.destination, destination: ethernet.source },
      local: ip.destination,
      localPort: tcp.destinationPort,
      remote: ip.source,
      remotePort: tcp.sourcePort,
    };
    if ((tcp.flags & TcpFlag.ACK) !== 0) this.#reply(connection, { seq: tcp.ack, flags: TcpFlag.RST });
    else this.#reply(connection, { seq: seq(0), ack: end, flags: TcpFlag.RST | TcpFlag.ACK });
  }

  #reply(
    { path, ethernet, local, localPort, remote, remotePort }: Ends,
    segment: { readonly seq: Seq; readonly ack?: Seq; readonly flags: number },
  ): void {
    if (!this.#own.has(remote)) return;
    const frame = encodeTcpFrame({
      ethernet,
      ip: { source: local, destination: remote },
      tcp: { sourcePort: localPort, destinationPort: remotePort, ...segment },
    });
    this.#send(path, frame);
  }
}

type Ends = Pick<Connection, 'path' | 'ethernet' | 'local' | 'localPort' | 'remote' | 'remotePort'>;

const keyOf = (local: string, localPort: number, remote: string, remotePort: number): string =>
  `${local} ${localPort} ${remote} ${remotePort}`;

/** Where a case waits for connections, and the ports that it sends from. */
const isOwnPort = ({ surroundings: { firstPort, testerServer } }: Loan, port: number): boolean =>
  port === testerServer.port || (port >= firstPort && port < firstPort + portsPerCase);
