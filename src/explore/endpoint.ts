/**
 * One host of the pair with a clock of its own, and its inputs: a segment, the expiry of its next timer, octets of its
 * application. Its clock moves only at expiries, so that the actions of a host depend on its inputs and not on their
 * times. Times are nanoseconds.
 */
import type { HostNotice, HostOutput, ReferenceHost } from '../reference/contract.js';
import type { Frame, FrameTable } from './frame-table.js';
import { type EndMaker, type Side, serverAddress, serverPort } from './pair.js';

/** `begin`: the client connects, the server listens. `expire`: the clock moves to the next timer. `say`: the client speaks. `close`: it closes. */
export type Input = Frame | 'begin' | 'expire' | 'say' | 'close';

/** The result of one input. */
export interface Reaction {
  readonly notices: readonly HostNotice[];
  readonly sent: readonly Frame[];
}

/** The octets that the application of the client sends for `say`. */
export const sentence = 'RobE!';

const nothing: HostOutput = { frames: [], notices: [] };

export class Endpoint {
  readonly #side: Side;
  readonly #host: ReferenceHost;
  readonly #frames: FrameTable;
  /** The client's own connection, or the one accepted first. */
  #connection: string | undefined;
  #now = 0n;
  #wakeAt: bigint | undefined;

  constructor(maker: EndMaker, frames: FrameTable) {
    this.#side = maker.side;
    this.#host = maker.make();
    this.#frames = frames;
  }

  get now(): bigint {
    return this.#now;
  }

  /** When its next timer expires; undefined when none runs. */
  get wakeAt(): bigint | undefined {
    return this.#wakeAt;
  }

  give(input: Input): Reaction {
    const { notices, frames } = this.#take(input);
    const sent: Frame[] = [];
    for (const { path, frame: octets } of frames) {
      const frame = this.#frames.enter(this.#side, path, octets);
      if (frame !== undefined) sent.push(frame);
    }
    return { notices, sent };
  }

  /** Applies inputs and ignores their results: only the state of the host changes. */
  relive(inputs: readonly Input[]): void {
    for (const input of inputs) this.#take(input);
  }

  /** The state of its connection as control would report it; undefined before there is one. */
  standing(): string | undefined {
    if (this.#connection === undefined) return undefined;
    const info = this.#host.info(this.#connection);
    return info && `${info.state} ${info.mptcp ? 'mptcp' : 'tcp'} ${info.subflows}`;
  }

  /** The present state of the host; undefined if the host cannot report it. */
  describe(): readonly unknown[] | undefined {
    const host = this.#host.describe?.();
    return host === undefined ? undefined : [host, this.#now, this.#wakeAt, this.#connection];
  }

  #take(input: Input): HostOutput {
    const output = this.#give(input);
    this.#wakeAt = output.wakeAt;
    for (const notice of output.notices) if (notice.notice === 'accepted') this.#connection ??= notice.connection;
    return output;
  }

  #give(input: Input): HostOutput {
    switch (input) {
      case 'begin':
        return this.#begin();
      case 'expire':
        this.#now = this.#wakeAt ?? this.#now;
        return this.#host.wake(this.#now);
      case 'say':
        return this.#call((connection) => this.#host.send(connection, Buffer.from(sentence), this.#now));
      case 'close':
        return this.#call((connection) => this.#host.close(connection, this.#now));
      default:
        return this.#host.receive(input.path, input.octets, this.#now);
    }
  }

  #begin(): HostOutput {
    if (this.#side === 'server') return this.#host.listen(serverPort, 'echo', this.#now);
    const output = this.#host.connect({ address: serverAddress, port: serverPort }, this.#now);
    this.#connection = output.connection;
    return output;
  }

  /** Nothing happens as long as there is no connection. */
  #call(call: (connection: string) => HostOutput): HostOutput {
    if (this.#connection === undefined)
      return this.#wakeAt === undefined ? nothing : { ...nothing, wakeAt: this.#wakeAt };
    return call(this.#connection);
  }
}
