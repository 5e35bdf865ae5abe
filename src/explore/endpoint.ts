/**
 * One host of the pair with a clock of its own, and what it can be given: a segment, the expiry of its next timer, octets of
 * its application. Its clock stands still but for expiries, so that what a host does depends on what happened to it and not
 * on when. Times are nanoseconds.
 */
import type { HostNotice, HostOutput, ReferenceHost } from '../reference/contract.js';
import type { Frame, FrameTable } from './frame-table.js';
import { type EndMaker, type Side, serverAddress, serverPort } from './pair.js';

/** `begin`: the client connects, the server listens. `expire`: the clock moves to the next timer. `say`: the client speaks. `close`: it closes. */
export type Input = Frame | 'begin' | 'expire' | 'say' | 'close';

/** What came of one input. */
export interface Reaction {
  readonly notices: readonly HostNotice[];
  readonly sent: readonly Frame[];
}

/** What the application of the client says when it is asked to. */
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

  /** Goes through inputs without looking at what comes of them: only the host is taken there. */
  relive(inputs: readonly Input[]): void {
    for (const input of inputs) this.#take(input);
  }

  /** What control would tell of its connection; undefined before there is one. */
  standing(): string | undefined {
    if (this.#connection === undefined) return undefined;
    const info = this.#host.info(this.#connection);
    return info && `${info.state} ${info.mptcp ? 'mptcp' : 'tcp'} ${info.subflows}`;
  }

  /** The state of the host as it is now; undefined where it cannot tell. */
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
