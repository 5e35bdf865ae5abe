/**
 * The host: passes each input to its machine, and returns the output. It has the tables that the machines share
 * (stack.ts) and finds the flow, listener or neighbour of an arriving frame:
 *
 * | frame                              | goes to                                                     |
 * |------------------------------------|-------------------------------------------------------------|
 * | ARP, neighbour discovery           | neighbours.ts                                               |
 * | TCP of a known 4-tuple             | tcp/arrival.ts, on whatever path it came                    |
 * | TCP to a listening port            | listener/listener.ts                                        |
 * | other TCP to an own address        | a reset (RFC 9293 section 3.10.7.1)                         |
 * | ICMP error                         | icmp-error.ts                                               |
 * | bad checksum, other destinations   | nowhere                                                     |
 */
import { decodeFrame, encodeTcpFrame } from '../protocol/wire/frame.js';
import type { TcpPacket } from '../protocol/wire/packet.js';
import { seq } from '../protocol/wire/seq.js';
import { Alarms } from './alarms.js';
import { abortConnection, closeConnection, describeConnection, readFrom, sendFrom } from './application.js';
import { openAttempt } from './client/attempt.js';
import type {
  AddressSignal,
  ConnectTarget,
  HostConfig,
  HostConnectionInfo,
  HostNotice,
  HostOutput,
  StreamHost,
} from './contract.js';
import { rightDecisions } from './decisions.js';
import { PathMetrics } from './election/path-metrics.js';
import { Entropy } from './entropy.js';
import { icmpArrives } from './icmp-error.js';
import { Correlation } from './listener/correlation.js';
import { arriveAtListener } from './listener/listener.js';
import { signalAddress } from './mptcp/addresses.js';
import type { Connection } from './mptcp/connection.js';
import { Neighbours } from './neighbours.js';
import { defaultParameters, type ReferenceParameters } from './parameters.js';
import type { Decisions } from './questions.js';
import type { OutgoingSegment, Stack } from './stack.js';
import { givesWay, segmentArrives } from './tcp/arrival.js';
import { flowKey } from './tcp/flow.js';
import { sendReset } from './tcp/send-reset.js';

/** Number of closed connections kept for `info`. */
const rememberedConnections = 4096;

/** A host with the given parameters and decisions; without them, the right ones. */
export const createHost = (
  config: HostConfig,
  parameters: ReferenceParameters = defaultParameters,
  decisions: Decisions = rightDecisions,
): StreamHost => new Host(config, parameters, decisions);

class Host implements StreamHost {
  readonly #stack: Stack;
  readonly #neighbours: Neighbours;
  #frames: { readonly path: number; readonly frame: Uint8Array }[] = [];
  #notices: HostNotice[] = [];
  #named = 0;

  constructor(config: HostConfig, parameters: ReferenceParameters, decisions: Decisions) {
    const alarms = new Alarms();
    this.#neighbours = new Neighbours(config, alarms, (path, frame) => this.#frames.push({ path, frame }));
    this.#stack = {
      config,
      parameters,
      decisions,
      alarms,
      entropy: new Entropy(config.seed),
      paths: new Map(config.paths.map((path) => [path.path, path])),
      flows: new Map(),
      listeners: new Map(),
      connections: new Map(),
      tokens: new Map(),
      correlation: new Correlation(parameters.esim.crc),
      metrics: new PathMetrics(),
      now: 0n,
      nextConnection: (kind) => this.#nextConnection(kind),
      transmit: (segment) => this.#transmit(segment),
      notify: (notice) => this.#notices.push(notice),
    };
  }

  receive(path: number, frame: Uint8Array, now: bigint): HostOutput {
    this.#stack.now = now;
    this.#arrive(path, frame);
    return this.#output();
  }

  wake(now: bigint): HostOutput {
    const { alarms } = this.#stack;
    for (let due = alarms.next(); due !== undefined && due <= now; due = alarms.next()) {
      // Alarms run at their set time, however late the embedding calls.
      this.#stack.now = due;
      alarms.fire(due);
    }
    this.#stack.now = now;
    return this.#output();
  }

  listen(
    port: number,
    service: 'echo' | 'discard' | 'application',
    now: bigint,
  ): HostOutput & { readonly listener: string } {
    this.#stack.now = now;
    const listener = `listener:${port}`;
    this.#stack.listeners.set(port, { id: listener, port, service });
    return { ...this.#output(), listener };
  }

  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string } {
    this.#stack.now = now;
    const { id } = openAttempt(this.#stack, to);
    return { ...this.#output(), connection: id };
  }

  send(connection: string, octets: Uint8Array, now: bigint): HostOutput & { readonly unsent: number } {
    let unsent = 0;
    const output = this.#onConnection(connection, now, (found) => {
      unsent = sendFrom(this.#stack, found, octets);
    });
    return { ...output, unsent };
  }

  consume(connection: string, octets: number, now: bigint): HostOutput {
    return this.#onConnection(connection, now, (found) => readFrom(this.#stack, found, octets));
  }

  close(connection: string, now: bigint): HostOutput {
    return this.#onConnection(connection, now, (found) => closeConnection(this.#stack, found));
  }

  abort(connection: string, now: bigint): HostOutput {
    return this.#onConnection(connection, now, (found) => abortConnection(this.#stack, found));
  }

  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean } {
    let told = false;
    const output = this.#onConnection(connection, now, ({ session }) => {
      told = session !== undefined && signalAddress(this.#stack, session, signal);
    });
    return { ...output, told };
  }

  info(connection: string): HostConnectionInfo | undefined {
    const found = this.#stack.connections.get(connection);
    return found === undefined ? undefined : describeConnection(found);
  }

  reset(): void {
    const { alarms, flows, connections, tokens, correlation, metrics } = this.#stack;
    alarms.clear();
    flows.clear();
    connections.clear();
    tokens.clear();
    correlation.clear();
    metrics.clear();
    this.#neighbours.clear();
    this.#frames = [];
    this.#notices = [];
  }

  describe(): readonly unknown[] | undefined {
    const { flows, listeners, connections, tokens, correlation, metrics, alarms, entropy, now } = this.#stack;
    const neighbours = this.#neighbours.describe();
    if (neighbours === undefined) return undefined;
    // Tables that are only looked up have no order; in all others the order counts.
    return [
      now,
      this.#named,
      [...flows.keys()].sort().map((key) => flows.get(key)),
      [...listeners.values()],
      [...connections.values()],
      [...tokens].sort(([a], [b]) => a - b),
      correlation,
      metrics,
      alarms,
      entropy,
      neighbours,
    ];
  }

  #onConnection(id: string, now: bigint, act: (connection: Connection) => void): HostOutput {
    this.#stack.now = now;
    const connection = this.#stack.connections.get(id);
    if (connection !== undefined) act(connection);
    return this.#output();
  }

  #output(): HostOutput {
    const frames = this.#frames;
    const notices = this.#notices;
    this.#frames = [];
    this.#notices = [];
    const wakeAt = this.#stack.alarms.next();
    return wakeAt === undefined ? { frames, notices } : { frames, notices, wakeAt };
  }

  #nextConnection(kind: 'accepted' | 'opened'): string {
    const { connections } = this.#stack;
    if (connections.size > rememberedConnections) {
      for (const [id, { state }] of connections) {
        if (state === 'closed' || state === 'failed') connections.delete(id);
      }
    }
    this.#named += 1;
    return `${kind}:${this.#named}`;
  }

  #arrive(path: number, frame: Uint8Array): void {
    const own = this.#stack.paths.get(path);
    if (own === undefined) return;
    const packet = decodeFrame(frame, this.#stack.config.subtypes);
    switch (packet.kind) {
      case 'arp':
        this.#neighbours.arpArrives(own, packet.arp);
        return;
      case 'nd':
        this.#neighbours.ndArrives(own, packet);
        return;
      case 'icmp':
        if (this.#neighbours.isOwn(own, packet.ip.destination)) icmpArrives(this.#stack, packet);
        return;
      case 'tcp':
        if (packet.ethernet.destination !== own.mac || packet.defect !== undefined) return;
        if (!this.#isOwnAnywhere(packet.ip.destination)) return;
        // RFC 9293 section 3.1 (MUST-3): a segment with a bad checksum is dropped. An offloading sender leaves it unfinished.
        if (packet.tcp.checksumState === 'invalid') return;
        this.#neighbours.learn(path, packet.ip.source, packet.ethernet.source);
        this.#segmentArrives(path, packet);
        return;
      case 'other':
      case 'malformed':
        return;
    }
  }

  /** An own address on any path: a peer may use another path than the flow's (weak host model, RFC 1122 section 3.3.4.2). */
  #isOwnAnywhere(address: string): boolean {
    const { paths, sharedAddresses } = this.#stack.config;
    return sharedAddresses.includes(address) || paths.some(({ addresses }) => addresses.includes(address));
  }

  #segmentArrives(path: number, packet: TcpPacket): void {
    const { ip, tcp } = packet;
    const flow = this.#stack.flows.get(flowKey(ip.destination, tcp.destinationPort, ip.source, tcp.sourcePort));
    if (flow !== undefined && !givesWay(this.#stack, flow, tcp)) {
      segmentArrives(this.#stack, flow, packet);
      return;
    }
    const listener = this.#stack.listeners.get(tcp.destinationPort);
    if (listener !== undefined) {
      arriveAtListener(this.#stack, listener, path, packet);
      return;
    }
    const form = this.#stack.decisions.tcp.answerWithoutState(tcp);
    if (form !== undefined) sendReset(this.#stack, path, packet, form);
  }

  #transmit(segment: OutgoingSegment): void {
    const path = this.#stack.paths.get(segment.path);
    if (path === undefined) return;
    const { source, destination } = segment;
    this.#neighbours.reach(path, destination, source, this.#stack.now, (mac) => {
      const frame = encodeTcpFrame(
        {
          ethernet: { destination: mac, source: path.mac },
          ip: { source, destination },
          tcp: {
            sourcePort: segment.sourcePort,
            destinationPort: segment.destinationPort,
            seq: seq(segment.seq),
            ack: seq(segment.ack),
            flags: segment.flags,
            window: segment.window,
            options: segment.options,
            payload: segment.payload,
          },
        },
        this.#stack.config.subtypes,
      );
      this.#frames.push({ path: segment.path, frame });
    });
  }
}
