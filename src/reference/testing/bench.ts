/**
 * One host of the reference on a bench, for dialogues: at a time send this, expect exactly these, then nothing. A peer keeps
 * the numbers of one flow, so that a dialogue reads as its segments. Times are nanoseconds.
 */
import { decodeFrame, encodeTcpFrame } from '../../protocol/wire/frame.js';
import { type IpAddress, TcpFlag, type TcpPacket } from '../../protocol/wire/packet.js';
import { type Seq, seq, seqAdd } from '../../protocol/wire/seq.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { HostNotice, HostOutput, ReferenceHost } from '../contract.js';
import { clientAddress, macOf, serverAddress, serverPort } from './hosts.js';
import { tell } from './network.js';

export type Emission = { readonly path: number; readonly packet: TcpPacket };

export class Bench {
  now = 0n;
  readonly notices: HostNotice[] = [];
  /** Everything the host sent so far. */
  readonly log: Emission[] = [];
  readonly host: ReferenceHost;
  /** Which end of the wire the host is on; the peers are on the other. */
  readonly side: 'client' | 'server';
  #wakeAt: bigint | undefined;
  #emissions: Emission[] = [];

  constructor(side: 'client' | 'server', host: ReferenceHost) {
    this.side = side;
    this.host = host;
  }

  act<Output extends HostOutput>(action: (host: ReferenceHost, now: bigint) => Output): Output {
    const output = action(this.host, this.now);
    this.#wakeAt = output.wakeAt;
    this.notices.push(...output.notices);
    for (const { path, frame } of output.frames) {
      const packet = decodeFrame(frame);
      if (packet.kind !== 'tcp') continue;
      this.log.push({ path, packet });
      this.#emissions.push({ path, packet });
    }
    return output;
  }

  /** What the host sent since the last question. */
  take(): readonly Emission[] {
    const taken = this.#emissions;
    this.#emissions = [];
    return taken;
  }

  /** What the host sent, as told lines without the path. */
  told(): readonly string[] {
    return this.take().map((emission) => this.tell(emission));
  }

  tell({ path, packet }: Emission): string {
    return tell({ at: 0n, from: this.side, path, packet });
  }

  pass(nanoseconds: bigint): void {
    const end = this.now + nanoseconds;
    for (; this.#wakeAt !== undefined && this.#wakeAt <= end; this.act((host, now) => host.wake(now))) {
      this.now = this.#wakeAt;
    }
    this.now = end;
  }

  noticed(): readonly string[] {
    return this.notices
      .splice(0)
      .map((notice) =>
        'how' in notice
          ? `${notice.notice} ${notice.how}`
          : 'why' in notice
            ? `${notice.notice} ${notice.why}`
            : notice.notice,
      );
  }
}

export interface PeerPlace {
  readonly path?: number;
  readonly address?: IpAddress;
  readonly port?: number;
  readonly hostAddress?: IpAddress;
  readonly hostPort?: number;
}

/** One flow of the other end. `seq` is what it sends next, `ack` what it expects. */
export class Peer {
  readonly isn: Seq;
  seq: Seq;
  ack: Seq = seq(0);
  /** The last segment that the host sent on this flow. */
  last: TcpPacket | undefined;
  /** The window that its segments offer; the usual one when undefined. */
  window: number | undefined;
  readonly path: number;
  readonly address: IpAddress;
  readonly port: number;
  readonly hostAddress: IpAddress;
  readonly hostPort: number;
  readonly #bench: Bench;

  constructor(bench: Bench, place: PeerPlace = {}) {
    this.#bench = bench;
    this.path = place.path ?? 1;
    this.address = place.address ?? clientAddress(this.path);
    this.port = place.port ?? 40_000 + this.path;
    this.hostAddress = place.hostAddress ?? serverAddress;
    this.hostPort = place.hostPort ?? serverPort;
    this.isn = seq(100_000 * this.path);
    this.seq = this.isn;
  }

  /** The far end of a flow that the host opened by `packet`. */
  static facing(bench: Bench, { path, packet }: Emission): Peer {
    const peer = new Peer(bench, {
      path,
      address: packet.ip.destination,
      port: packet.tcp.destinationPort,
      hostAddress: packet.ip.source,
      hostPort: packet.tcp.sourcePort,
    });
    peer.ack = seqAdd(packet.tcp.seq, 1);
    peer.last = packet;
    return peer;
  }

  /** Sends a segment with exactly these numbers; what the host sends at once, told. */
  send(segment: {
    readonly flags: number;
    readonly seq?: Seq;
    readonly ack?: Seq;
    readonly options?: readonly TcpOption[];
    readonly payload?: string;
  }): readonly string[] {
    const { path } = this;
    const frame = encodeTcpFrame({
      ethernet: { destination: macOf(this.#bench.side, path), source: macOf(otherSide(this.#bench.side), path) },
      ip: { source: this.address, destination: this.hostAddress },
      tcp: {
        sourcePort: this.port,
        destinationPort: this.hostPort,
        seq: segment.seq ?? this.seq,
        ack: segment.ack ?? ((segment.flags & TcpFlag.ACK) !== 0 ? this.ack : seq(0)),
        flags: segment.flags,
        ...(this.window === undefined ? {} : { window: this.window }),
        options: segment.options ?? [],
        payload: Buffer.from(segment.payload ?? ''),
      },
    });
    this.#bench.act((host, now) => host.receive(path, frame, now));
    return this.#hear(this.#bench.take());
  }

  syn(...options: TcpOption[]): readonly string[] {
    const answers = this.send({ flags: TcpFlag.SYN, seq: this.isn, options });
    this.seq = seqAdd(this.isn, 1);
    return answers;
  }

  synAck(...options: TcpOption[]): readonly string[] {
    const answers = this.send({ flags: TcpFlag.SYN | TcpFlag.ACK, seq: this.isn, options });
    this.seq = seqAdd(this.isn, 1);
    return answers;
  }

  acks(...options: TcpOption[]): readonly string[] {
    return this.send({ flags: TcpFlag.ACK, options });
  }

  data(payload: string, ...options: TcpOption[]): readonly string[] {
    const at = this.seq;
    this.seq = seqAdd(this.seq, payload.length);
    return this.send({ flags: TcpFlag.ACK | TcpFlag.PSH, seq: at, options, payload });
  }

  fin(...options: TcpOption[]): readonly string[] {
    const at = this.seq;
    this.seq = seqAdd(this.seq, 1);
    return this.send({ flags: TcpFlag.ACK | TcpFlag.FIN, seq: at, options });
  }

  rst(at = this.seq, options: readonly TcpOption[] = []): readonly string[] {
    return this.send({ flags: TcpFlag.RST, seq: at, options });
  }

  /** An option of the host's last segment. */
  option<Name extends TcpOption['option']>(name: Name): Extract<TcpOption, { option: Name }> | undefined {
    return this.last?.tcp.options.find(
      (option): option is Extract<TcpOption, { option: Name }> => option.option === name,
    );
  }

  #hear(emissions: readonly Emission[]): readonly string[] {
    for (const { packet } of emissions) {
      const { tcp, ip } = packet;
      if (ip.destination !== this.address || tcp.destinationPort !== this.port) continue;
      this.last = packet;
      const length = tcp.payload.length + ((tcp.flags & (TcpFlag.SYN | TcpFlag.FIN)) !== 0 ? 1 : 0);
      if ((tcp.flags & TcpFlag.RST) === 0) this.ack = seqAdd(tcp.seq, length);
    }
    return emissions.map((emission) => this.#bench.tell(emission));
  }
}

const otherSide = (side: 'client' | 'server'): 'client' | 'server' => (side === 'client' ? 'server' : 'client');
