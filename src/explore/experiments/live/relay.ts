/**
 * The middle of a live experiment: frames of a client on one set of interfaces go on to a server on another, and back,
 * through paths with configured impairments. The relay changes only the link-layer addresses, and reports events of
 * handshakes: when a SYN of the client enters, and when a third segment leaves for the server.
 */
import type { Clock, Time } from '../../../net/clock/clock.js';
import type { Chance } from '../../../net/link/chance.js';
import { type Impairment, impairLink } from '../../../net/link/impairment.js';
import type { Link, PathId } from '../../../net/link/link.js';
import { macOctets } from '../../../protocol/wire/address.js';
import { decodeFrame } from '../../../protocol/wire/frame.js';
import { TcpFlag, type TcpPacket } from '../../../protocol/wire/packet.js';

/** The events of a relay: flows are named by their 4-tuple, times are those of the relay's clock. */
export type Sighting =
  | { readonly saw: 'syn'; readonly flow: string; readonly path: PathId; readonly join: boolean; readonly at: Time }
  | { readonly saw: 'third'; readonly flow: string; readonly path: PathId; readonly join: boolean; readonly at: Time };

/** The link-layer addresses of one path: the relay's own and that of the host, on one side. */
interface Neighbours {
  readonly own: string;
  readonly host: string;
}

export interface RelaySetup {
  readonly client: Link;
  readonly server: Link;
  /** By path, for each side. */
  readonly neighbours: ReadonlyMap<PathId, { readonly client: Neighbours; readonly server: Neighbours }>;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly saw: (sighting: Sighting) => void;
}

export interface Relay {
  /**
   * Sets the impairments of paths, towards the server and back; those not named are perfect. Recorded events are dropped.
   */
  impair(toServer: ReadonlyMap<PathId, Impairment>, toClient: ReadonlyMap<PathId, Impairment>): void;
  close(): Promise<void>;
}

export const joinByRelay = ({ client, server, neighbours, clock, chance, saw }: RelaySetup): Relay => {
  const incoming = new Map<PathId, Impairment>();
  const outgoing = new Map<PathId, Impairment>();
  const impaired = impairLink(client, { clock, chance, incoming, outgoing });
  const watch = new HandshakeWatch(saw);
  client.subscribe(({ path, frame, at }) => watch.enters(path, frame, at));
  impaired.subscribe(({ path, frame }) => {
    const known = neighbours.get(path);
    if (known === undefined) return;
    const out = readdress(frame, known.server);
    server.send(path, out);
    watch.leaves(path, out, clock.now());
  });
  server.subscribe(({ path, frame }) => {
    watch.returns(frame);
    const known = neighbours.get(path);
    if (known !== undefined) impaired.send(path, readdress(frame, known.client));
  });
  return {
    impair: (toServer, toClient) => {
      watch.forget();
      replace(incoming, toServer);
      replace(outgoing, toClient);
    },
    close: async () => {
      await impaired.close();
      await server.close();
    },
  };
};

const replace = <Key, Value>(map: Map<Key, Value>, by: ReadonlyMap<Key, Value>): void => {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
};

/** Octets 0 to 5 of an Ethernet frame say where it goes, 6 to 11 where it is from. */
const readdress = (frame: Uint8Array, { own, host }: Neighbours): Uint8Array => {
  const copy = frame.slice();
  copy.set(macOctets(host), 0);
  copy.set(macOctets(own), 6);
  return copy;
};

/** Reports each SYN and each third segment of a flow once; none of a flow that the server has reset. */
class HandshakeWatch {
  readonly #saw: (sighting: Sighting) => void;
  /** Flows whose SYN was seen, and whether it was to join. */
  readonly #begun = new Map<string, boolean>();
  readonly #completed = new Set<string>();

  constructor(saw: (sighting: Sighting) => void) {
    this.#saw = saw;
  }

  forget(): void {
    this.#begun.clear();
    this.#completed.clear();
  }

  enters(path: PathId, frame: Uint8Array, at: Time): void {
    const packet = tcpOf(frame);
    if (packet === undefined || (packet.tcp.flags & TcpFlag.SYN) === 0) return;
    const flow = flowOf(packet);
    if (this.#begun.has(flow)) return;
    const join = packet.tcp.options.some(({ option }) => option === 'mp_join');
    this.#begun.set(flow, join);
    this.#saw({ saw: 'syn', flow, path, join, at });
  }

  leaves(path: PathId, frame: Uint8Array, at: Time): void {
    const packet = tcpOf(frame);
    if (packet === undefined || (packet.tcp.flags & TcpFlag.ACK) === 0) return;
    if ((packet.tcp.flags & (TcpFlag.SYN | TcpFlag.RST)) !== 0) return;
    const flow = flowOf(packet);
    const join = this.#begun.get(flow);
    if (join === undefined || this.#completed.has(flow)) return;
    this.#completed.add(flow);
    this.#saw({ saw: 'third', flow, path, join, at });
  }

  returns(frame: Uint8Array): void {
    const packet = tcpOf(frame);
    if (packet !== undefined && isReset(packet)) this.#completed.add(flowTo(packet));
  }
}

const isReset = ({ tcp }: TcpPacket): boolean => (tcp.flags & TcpFlag.RST) !== 0;

const tcpOf = (frame: Uint8Array): TcpPacket | undefined => {
  const packet = decodeFrame(frame);
  return packet.kind === 'tcp' ? packet : undefined;
};

const flowOf = ({ ip, tcp }: TcpPacket): string =>
  `${ip.source} ${tcp.sourcePort} ${ip.destination} ${tcp.destinationPort}`;

/** The flow of the client that a frame of the server belongs to. */
const flowTo = ({ ip, tcp }: TcpPacket): string =>
  `${ip.destination} ${tcp.destinationPort} ${ip.source} ${tcp.sourcePort}`;
