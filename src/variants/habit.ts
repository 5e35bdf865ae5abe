/**
 * Habits: what a host does at its wire with memory and time of its own, where a fault (mutants/fault.ts) sees one segment
 * at a time. A habit is asked about every segment that leaves or comes and says what passes instead; it may also send
 * segments later. The host inside knows nothing of it.
 */

import type { Passing } from '../mutants/fault.js';
import { FlowHistory } from '../mutants/flow-history.js';
import { decodeFrame, encodeTcpFrame } from '../protocol/wire/frame.js';
import type { TcpDraft, TcpPacket } from '../protocol/wire/packet.js';
import { Alarms } from '../reference/alarms.js';
import type {
  AddressSignal,
  ConnectTarget,
  HostConfig,
  HostConnectionInfo,
  HostNotice,
  HostOutput,
  ReferenceHost,
} from '../reference/contract.js';

/** A segment of the host on its way to the peer. */
export interface Departure {
  readonly path: number;
  readonly draft: TcpDraft;
}

/** What a habit may do besides answering. */
export interface Wire {
  readonly now: bigint;
  /** Sends what `what` gives then; the returned function calls it off. */
  later(after: bigint, what: () => readonly Departure[]): () => void;
}

export interface Habit {
  /** A segment leaves: what leaves in its place; undefined: the segment as it is. */
  leaves?(passing: Passing, wire: Wire): readonly Departure[] | undefined;
  /** A segment comes: what the host takes it for, and what leaves after the host's own answers. */
  comes?(passing: Passing, wire: Wire): Arrival | undefined;
}

export interface Arrival {
  readonly draft?: TcpDraft;
  readonly before?: readonly Departure[];
  readonly after?: readonly Departure[];
}

type Frame = HostOutput['frames'][number];

export class HabitualHost implements ReferenceHost {
  readonly #host: ReferenceHost;
  readonly #config: HostConfig;
  readonly #habit: Habit;
  readonly #flows = new Map<string, FlowHistory>();
  readonly #alarms = new Alarms();
  #innerWakeAt: bigint | undefined;
  #now = 0n;
  /** What alarms sent. */
  #sent: Frame[] = [];

  constructor(host: ReferenceHost, config: HostConfig, habit: Habit) {
    this.#host = host;
    this.#config = config;
    this.#habit = habit;
  }

  receive(path: number, frame: Uint8Array, now: bigint): HostOutput {
    this.#now = now;
    const packet = decodeFrame(frame, this.#config.subtypes);
    if (packet.kind !== 'tcp') return this.#leave(this.#host.receive(path, frame, now));
    const passing = this.#passing('in', path, packet);
    const arrival = this.#habit.comes?.(passing, this.#wire());
    passing.flow.add({ way: 'in', packet });
    const before = (arrival?.before ?? []).map((departure) => this.#encode(departure));
    const taken = arrival?.draft === undefined ? frame : encodeTcpFrame(arrival.draft, this.#config.subtypes);
    const output = this.#leave(this.#host.receive(path, taken, now));
    const after = (arrival?.after ?? []).map((departure) => this.#encode(departure));
    return { ...output, frames: [...before, ...output.frames, ...after] };
  }

  wake(now: bigint): HostOutput {
    this.#now = now;
    const notices: HostNotice[] = [];
    const frames: Frame[] = [];
    for (let due = this.#next(); due !== undefined && due <= now; due = this.#next()) {
      this.#now = due;
      if (this.#innerWakeAt !== undefined && this.#innerWakeAt <= due) {
        const output = this.#leave(this.#host.wake(due));
        frames.push(...output.frames);
        notices.push(...output.notices);
      }
      this.#alarms.fire(due);
      frames.push(...this.#sent.splice(0));
    }
    this.#now = now;
    return this.#complete({ frames, notices });
  }

  listen(port: number, service: 'echo' | 'discard', now: bigint): HostOutput & { readonly listener: string } {
    const output = this.#host.listen(port, service, now);
    return { ...this.#leave(output, now), listener: output.listener };
  }

  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string } {
    const output = this.#host.connect(to, now);
    return { ...this.#leave(output, now), connection: output.connection };
  }

  send(connection: string, octets: Uint8Array, now: bigint): HostOutput {
    return this.#leave(this.#host.send(connection, octets, now), now);
  }

  close(connection: string, now: bigint): HostOutput {
    return this.#leave(this.#host.close(connection, now), now);
  }

  abort(connection: string, now: bigint): HostOutput {
    return this.#leave(this.#host.abort(connection, now), now);
  }

  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean } {
    const output = this.#host.signal(connection, signal, now);
    return { ...this.#leave(output, now), told: output.told };
  }

  info(connection: string): HostConnectionInfo | undefined {
    return this.#host.info(connection);
  }

  reset(): void {
    this.#host.reset();
    this.#alarms.clear();
    this.#flows.clear();
    this.#innerWakeAt = undefined;
  }

  #next(): bigint | undefined {
    return earlier(this.#alarms.next(), this.#innerWakeAt);
  }

  /** What the habit makes of an output of the host. */
  #leave(output: HostOutput, now = this.#now): HostOutput {
    this.#now = now;
    this.#innerWakeAt = output.wakeAt;
    return this.#complete({ frames: output.frames.flatMap((frame) => this.#departs(frame)), notices: output.notices });
  }

  #complete(output: Omit<HostOutput, 'wakeAt'>): HostOutput {
    const wakeAt = this.#next();
    return wakeAt === undefined ? output : { ...output, wakeAt };
  }

  #departs(sent: Frame): readonly Frame[] {
    const packet = decodeFrame(sent.frame, this.#config.subtypes);
    if (packet.kind !== 'tcp') return [sent];
    const passing = this.#passing('out', sent.path, packet);
    const departures = this.#habit.leaves?.(passing, this.#wire());
    passing.flow.add({ way: 'out', packet });
    return departures === undefined ? [sent] : departures.map((departure) => this.#encode(departure));
  }

  #wire(): Wire {
    return {
      now: this.#now,
      later: (after, what) => {
        const alarm = this.#alarms.at(this.#now + after, ['habit'], () =>
          this.#sent.push(...what().map((departure) => this.#encode(departure))),
        );
        return () => alarm.cancel();
      },
    };
  }

  #encode({ path, draft }: Departure): Frame {
    return { path, frame: encodeTcpFrame(draft, this.#config.subtypes) };
  }

  #passing(way: 'in' | 'out', path: number, packet: TcpPacket): Passing {
    const { ip, tcp } = packet;
    const source = `${ip.source}|${tcp.sourcePort}`;
    const destination = `${ip.destination}|${tcp.destinationPort}`;
    const key = way === 'in' ? `${source}|${destination}` : `${destination}|${source}`;
    const flow = this.#flows.get(key) ?? new FlowHistory(path);
    this.#flows.set(key, flow);
    return { path, packet, tcp, flow, flows: [...this.#flows.values()] };
  }
}

const earlier = (a: bigint | undefined, b: bigint | undefined): bigint | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
};
