/**
 * One host of the pair with a clock of its own, its ledger, and what it can be given: a segment, the expiry of its next timer,
 * octets of its application. Its clock stands still but for expiries, so that what a host does depends on what happened to
 * it and not on when. Times are nanoseconds.
 */
import type { HostOutput, ReferenceHost } from '../reference/contract.js';
import type { Frame, FrameTable } from './frame-table.js';
import { emptyLedger, type Ledger, type Violation } from './ledger.js';
import { type Observer, takeHeard, takeNotice, takeSent } from './observer.js';
import { type EndMaker, type Side, serverAddress, serverPort } from './pair.js';

/** What came of one input. */
export interface Reaction {
  readonly sent: readonly Frame[];
  readonly violations: readonly Violation[];
}

/** What the application of the client says when it is asked to. */
export const sentence = 'RobE!';

export class Endpoint {
  readonly side: Side;
  readonly #host: ReferenceHost;
  readonly #frames: FrameTable;
  readonly #observer: Observer;
  /** The client's own connection, or the one accepted first. */
  #connection: string | undefined;
  #now = 0n;
  #wakeAt: bigint | undefined;
  #ledger: Ledger = emptyLedger;

  constructor(maker: EndMaker, frames: FrameTable) {
    this.side = maker.side;
    this.#host = maker.make();
    this.#frames = frames;
    this.#observer = maker;
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** When its next timer expires; undefined when none runs. */
  get wakeAt(): bigint | undefined {
    return this.#wakeAt;
  }

  /** The client connects, the server listens. */
  begin(): Reaction {
    return this.#take(this.#give('begin'));
  }

  hear(frame: Frame): Reaction {
    const { ledger, violations } = takeHeard(this.#observer, this.#ledger, frame);
    this.#ledger = ledger;
    return this.#take(this.#give(frame), violations);
  }

  /** Its clock moves to its next timer. */
  expire(): Reaction {
    return this.#take(this.#give('expire'));
  }

  /**
   * Goes through inputs that are known to lead to `ledger`, without looking at what comes of them: only the host is taken
   * there.
   */
  relive(inputs: readonly (Frame | 'begin' | 'expire' | 'say')[], ledger: Ledger): void {
    for (const input of inputs) this.#relive(input);
    this.#ledger = ledger;
  }

  #relive(input: Frame | 'begin' | 'expire' | 'say'): void {
    const output = this.#give(input);
    this.#wakeAt = output.wakeAt;
    for (const notice of output.notices) if (notice.notice === 'accepted') this.#connection ??= notice.connection;
  }

  say(): Reaction {
    if (this.#connection === undefined) return { sent: [], violations: [] };
    return this.#take(this.#give('say'));
  }

  #give(input: Frame | 'begin' | 'expire' | 'say'): HostOutput {
    switch (input) {
      case 'begin':
        return this.#begin();
      case 'expire':
        this.#now = this.#wakeAt ?? this.#now;
        return this.#host.wake(this.#now);
      case 'say':
        return this.#host.send(this.#connection ?? '', Buffer.from(sentence), this.#now);
      default:
        return this.#host.receive(input.path, input.octets, this.#now);
    }
  }

  #begin(): HostOutput {
    if (this.side === 'server') return this.#host.listen(serverPort, 'echo', this.#now);
    const output = this.#host.connect({ address: serverAddress, port: serverPort }, this.#now);
    this.#connection = output.connection;
    return output;
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

  #take(output: HostOutput, already: readonly Violation[] = []): Reaction {
    this.#wakeAt = output.wakeAt;
    const violations = [...already];
    // A connection is accepted before anything is sent on it.
    for (const notice of output.notices) {
      if (notice.notice === 'accepted') this.#connection ??= notice.connection;
      const taken = takeNotice(this.#ledger, notice);
      this.#ledger = taken.ledger;
      violations.push(...taken.violations);
    }
    const sent: Frame[] = [];
    for (const { path, frame: octets } of output.frames) {
      const frame = this.#frames.enter(this.side, path, octets);
      if (frame === undefined) continue;
      sent.push(frame);
      const taken = takeSent(this.#observer, this.#ledger, frame);
      this.#ledger = taken.ledger;
      violations.push(...taken.violations);
    }
    return { sent, violations };
  }
}
