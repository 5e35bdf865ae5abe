/**
 * A recorded host: every call with its output is kept, so that another host can be given the same calls. A host with the
 * same outputs, frame by frame and wake-up by wake-up, behaves the same for that caller.
 */
import { isDeepStrictEqual } from 'node:util';
import type {
  AddressSignal,
  ConnectTarget,
  HostConnectionInfo,
  HostOutput,
  ReferenceHost,
} from '../reference/contract.js';

export interface Utterance {
  /** Repeats a recorded call on a host. */
  readonly ask: (host: ReferenceHost) => unknown;
  readonly answer: unknown;
}

export class OverheardHost implements ReferenceHost {
  readonly utterances: Utterance[] = [];
  readonly #host: ReferenceHost;

  constructor(host: ReferenceHost) {
    this.#host = host;
  }

  receive(path: number, frame: Uint8Array, now: bigint): HostOutput {
    return this.#hear((host) => host.receive(path, frame, now));
  }

  wake(now: bigint): HostOutput {
    return this.#hear((host) => host.wake(now));
  }

  listen(port: number, service: 'echo' | 'discard', now: bigint): HostOutput & { readonly listener: string } {
    return this.#hear((host) => host.listen(port, service, now));
  }

  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string } {
    return this.#hear((host) => host.connect(to, now));
  }

  send(connection: string, octets: Uint8Array, now: bigint): HostOutput {
    return this.#hear((host) => host.send(connection, octets, now));
  }

  close(connection: string, now: bigint): HostOutput {
    return this.#hear((host) => host.close(connection, now));
  }

  abort(connection: string, now: bigint): HostOutput {
    return this.#hear((host) => host.abort(connection, now));
  }

  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean } {
    return this.#hear((host) => host.signal(connection, signal, now));
  }

  info(connection: string): HostConnectionInfo | undefined {
    return this.#hear((host) => host.info(connection));
  }

  reset(): void {
    this.#hear((host) => host.reset());
  }

  #hear<Answer>(ask: (host: ReferenceHost) => Answer): Answer {
    const answer = ask(this.#host);
    this.utterances.push({ ask, answer });
    return answer;
  }
}

/** Whether a new host gives the recorded outputs. */
export const answersAlike = (host: ReferenceHost, utterances: readonly Utterance[]): boolean =>
  utterances.every(({ ask, answer }) => isDeepStrictEqual(ask(host), answer));
