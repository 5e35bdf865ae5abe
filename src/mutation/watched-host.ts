/**
 * A host that is watched: everything it sends goes into a digest, and code that throws or loops ends the host instead of
 * the program, as it would end a process: from then on it is silent. A restart revives it.
 *
 * A host that ended before it sent anything counts as one that never answers: a tester could not distinguish it from an
 * absent lab, so only unmet expectations of the case may count against it.
 */
import type {
  AddressSignal,
  ConnectTarget,
  HostConnectionInfo,
  HostOutput,
  ReferenceHost,
} from '../reference/contract.js';
import { EndlessLoopError } from './step-counter.js';

type Life = 'alive' | 'crashed' | 'hung';

/** The most inputs in one exercise; beyond them host and peer are in a loop. A right host needs a hundred. */
const mostInputs = 1_000;

const nothing: HostOutput = { frames: [], notices: [] };

export class WatchedHost implements ReferenceHost {
  readonly #digest: FrameDigest;
  #host: ReferenceHost | undefined;
  #life: Life = 'alive';
  #inputs = 0;

  /** A host whose construction throws has crashed. */
  constructor(make: () => ReferenceHost, digest: FrameDigest) {
    this.#digest = digest;
    this.#survive(undefined, () => {
      this.#host = make();
    });
  }

  get life(): Life {
    return this.#life;
  }

  receive(path: number, frame: Uint8Array, now: bigint): HostOutput {
    return this.#act(nothing, (host) => host.receive(path, frame, now));
  }

  wake(now: bigint): HostOutput {
    return this.#act(nothing, (host) => host.wake(now));
  }

  listen(port: number, service: 'echo' | 'discard', now: bigint): HostOutput & { readonly listener: string } {
    return this.#act({ ...nothing, listener: 'none' }, (host) => host.listen(port, service, now));
  }

  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string } {
    return this.#act({ ...nothing, connection: 'none' }, (host) => host.connect(to, now));
  }

  send(connection: string, octets: Uint8Array, now: bigint): HostOutput {
    return this.#act(nothing, (host) => host.send(connection, octets, now));
  }

  close(connection: string, now: bigint): HostOutput {
    return this.#act(nothing, (host) => host.close(connection, now));
  }

  abort(connection: string, now: bigint): HostOutput {
    return this.#act(nothing, (host) => host.abort(connection, now));
  }

  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean } {
    return this.#act({ ...nothing, told: false }, (host) => host.signal(connection, signal, now));
  }

  info(connection: string): HostConnectionInfo | undefined {
    return this.#survive(undefined, (host) => host?.info(connection));
  }

  reset(): void {
    this.#life = 'alive';
    this.#survive(undefined, (host) => host?.reset());
  }

  #act<Output extends HostOutput>(otherwise: Output, action: (host: ReferenceHost) => Output): Output {
    this.#inputs += 1;
    if (this.#inputs > mostInputs) this.#life = 'hung';
    const output = this.#survive(otherwise, (host) => (host === undefined ? otherwise : action(host)));
    for (const { path, frame } of output.frames) this.#digest.add(path, frame);
    return output;
  }

  #survive<Result>(otherwise: Result, action: (host: ReferenceHost | undefined) => Result): Result {
    if (this.#life !== 'alive') return otherwise;
    try {
      return action(this.#host);
    } catch (cause) {
      this.#life = cause instanceof EndlessLoopError || this.#digest.isEmpty ? 'hung' : 'crashed';
      return otherwise;
    }
  }
}

/** A digest of frames in their order and of the paths they left by: two FNV-1a sums of 32 bits. */
export class FrameDigest {
  #low = 0x811c9dc5;
  #high = 0x01000193;
  isEmpty = true;

  add(path: number, frame: Uint8Array): void {
    this.isEmpty = false;
    this.#octet(path);
    this.#octet(frame.length & 0xff);
    for (const octet of frame) this.#octet(octet);
  }

  value(): string {
    return `${(this.#high >>> 0).toString(16)}${(this.#low >>> 0).toString(16).padStart(8, '0')}`;
  }

  #octet(octet: number): void {
    this.#low = Math.imul(this.#low ^ octet, 0x01000193);
    this.#high = Math.imul(this.#high ^ octet ^ (this.#low >>> 24), 0x0100_01b3);
  }
}
