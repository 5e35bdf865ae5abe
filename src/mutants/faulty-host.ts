/**
 * A host with faults on its wire: the same contract around another host. What a fault lets pass reaches the host or the
 * peer as a frame made anew; everything else passes as it is.
 */

import { decodeFrame, encodeTcpFrame } from '../protocol/wire/frame.js';
import type { TcpPacket } from '../protocol/wire/packet.js';
import type {
  AddressSignal,
  ConnectTarget,
  HostConfig,
  HostConnectionInfo,
  HostNotice,
  HostOutput,
  ReferenceHost,
} from '../reference/contract.js';
import type { Fault, Parcel, Passage, Passing } from './fault.js';
import { Scene } from './scene.js';

/** Whether the process would still be there. */
export type Life = 'alive' | 'crashed' | 'hung';

type Frame = HostOutput['frames'][number];

export class FaultyHost implements ReferenceHost {
  readonly #host: ReferenceHost;
  readonly #config: HostConfig;
  readonly #faults: readonly Fault[];
  readonly #remembers: boolean;
  readonly #scene: Scene;
  #ghosts = 0;
  #life: Life = 'alive';

  /** `remembers`: decisions of the host keep something of their own. `scene`: for who looks on. */
  constructor(
    host: ReferenceHost,
    config: HostConfig,
    faults: readonly Fault[],
    remembers = false,
    scene: Scene = new Scene(),
  ) {
    this.#host = host;
    this.#config = config;
    this.#faults = faults;
    this.#remembers = remembers;
    this.#scene = scene;
  }

  get life(): Life {
    return this.#life;
  }

  receive(path: number, frame: Uint8Array, now: bigint): HostOutput {
    if (this.#life !== 'alive') return { frames: [], notices: [] };
    const packet = decodeFrame(frame, this.#config.subtypes);
    const passage = packet.kind === 'tcp' ? this.#pass('in', path, packet) : undefined;
    if (passage === undefined) return this.#leave(this.#host.receive(path, frame, now));
    if (passage === 'crash' || passage === 'hang') return this.#die(passage);
    return this.#deliver(passage, now);
  }

  wake(now: bigint): HostOutput {
    return this.#life === 'alive' ? this.#leave(this.#host.wake(now)) : { frames: [], notices: [] };
  }

  listen(port: number, service: 'echo' | 'discard', now: bigint): HostOutput & { readonly listener: string } {
    const output = this.#host.listen(port, service, now);
    return { ...this.#leave(output), listener: output.listener };
  }

  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string } {
    const output = this.#host.connect(to, now);
    return { ...this.#leave(output), connection: output.connection };
  }

  send(connection: string, octets: Uint8Array, now: bigint): HostOutput {
    return this.#leave(this.#host.send(connection, octets, now));
  }

  close(connection: string, now: bigint): HostOutput {
    return this.#leave(this.#host.close(connection, now));
  }

  abort(connection: string, now: bigint): HostOutput {
    return this.#leave(this.#host.abort(connection, now));
  }

  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean } {
    const output = this.#host.signal(connection, signal, now);
    return { ...this.#leave(output), told: output.told };
  }

  info(connection: string): HostConnectionInfo | undefined {
    return this.#host.info(connection);
  }

  reset(): void {
    this.#host.reset();
    this.#scene.clear();
    this.#life = 'alive';
  }

  /** Faults go by all that passed, which is no state worth telling apart from the history itself. */
  describe(): unknown {
    return this.#faults.length > 0 || this.#remembers ? undefined : this.#host.describe?.();
  }

  #die(how: 'crash' | 'hang'): HostOutput {
    this.#life = how === 'crash' ? 'crashed' : 'hung';
    return { frames: [], notices: [] };
  }

  /** What the first fault that is touched makes of a segment; undefined when none is. */
  #pass(way: Fault['way'], path: number, packet: TcpPacket): Passage | undefined {
    const flow = this.#scene.enter(way, path, packet);
    const passing: Passing = { path, packet, tcp: packet.tcp, flow, flows: this.#scene.flows };
    const touched = this.#faults.find((fault) => fault.way === way && fault.when(passing));
    const passage = touched?.then(passing);
    flow.add({ way, packet });
    return passage;
  }

  /** Hands on what a fault made of a segment that came. */
  #deliver(parcels: readonly Parcel[], now: bigint): HostOutput {
    const frames: Frame[] = [];
    const notices: HostNotice[] = [];
    let wakeAt: bigint | undefined;
    const outputs: HostOutput[] = [];
    for (const parcel of parcels) {
      switch (parcel.to) {
        case 'peer':
          frames.push({ path: parcel.path, frame: this.#encode(parcel) });
          break;
        case 'host':
          outputs.push(this.#leave(this.#host.receive(parcel.path, this.#encode(parcel), now)));
          break;
        case 'application':
          this.#ghosts += 1;
          notices.push({
            notice: 'accepted',
            connection: `ghost:${this.#ghosts}`,
            listener: 'ghost',
            peer: parcel.accepted,
          });
          break;
      }
    }
    // A host that was not asked still has its alarms.
    if (outputs.length === 0) outputs.push(this.#leave(this.#host.wake(now)));
    for (const output of outputs) {
      frames.unshift(...output.frames);
      notices.push(...output.notices);
      wakeAt = output.wakeAt;
    }
    return wakeAt === undefined ? { frames, notices } : { frames, notices, wakeAt };
  }

  /** Sends what faults leave of an output. */
  #leave(output: HostOutput): HostOutput {
    return { ...output, frames: output.frames.flatMap((sent) => this.#sent(sent)) };
  }

  #sent(sent: Frame): readonly Frame[] {
    const packet = decodeFrame(sent.frame, this.#config.subtypes);
    const passage = packet.kind === 'tcp' ? this.#pass('out', sent.path, packet) : undefined;
    if (passage === undefined || passage === 'crash' || passage === 'hang') return [sent];
    return passage.flatMap((parcel) =>
      parcel.to === 'application' ? [] : [{ path: parcel.path, frame: this.#encode(parcel) }],
    );
  }

  #encode(parcel: Exclude<Parcel, { to: 'application' }>): Uint8Array {
    return encodeTcpFrame(parcel.draft, this.#config.subtypes);
  }
}
