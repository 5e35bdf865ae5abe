/**
 * A host of the reference on a link: arriving frames go to the host, its frames go onto the link, wake-ups are alarms of
 * the clock, and the application side answers control commands. The same for memory under virtual time and for real
 * interfaces.
 *
 * A connection opened by control has the name control gave it; one that was accepted is `accepted:<peer's address>`, the
 * latest of that address.
 */
import type { Alarm, Clock } from '../net/clock/clock.js';
import type { Link } from '../net/link/link.js';
import {
  type AddressSignal,
  type EstablishmentProfile,
  establishmentProfiles,
  type HostNotice,
  type HostOutput,
  type ReferenceHost,
} from '../reference/contract.js';
import type { ControlAnswer, ControlCommand } from '../suite/scenario/contract.js';

interface Acceptance {
  readonly connections: string[];
  closed: number;
}

const done: ControlAnswer = { answer: 'ok', result: {} };

export class AttachedHost {
  readonly #host: ReferenceHost;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  #alarm: Alarm | undefined;
  #wakeAt: bigint | undefined;
  /** Names of control to names of the host. */
  readonly #opened = new Map<string, string>();
  readonly #accepted = new Map<string, Acceptance>();
  readonly #peers = new Map<string, Acceptance>();

  constructor(host: ReferenceHost, link: Link, clock: Clock) {
    this.#host = host;
    this.#link = link;
    this.#clock = clock;
    this.#unsubscribe = link.subscribe(({ path, frame }) => this.#take(host.receive(path, frame, clock.now())));
  }

  listen(port: number, service: 'echo' | 'discard'): void {
    this.#take(this.#host.listen(port, service, this.#clock.now()));
  }

  /** Drops all connections, as a restart would; listeners stay. */
  reset(): void {
    this.#host.reset();
    this.#alarm?.cancel();
    this.#wakeAt = undefined;
    this.#opened.clear();
    this.#accepted.clear();
    this.#peers.clear();
  }

  /** Stops taking frames and waking up; the link stays open. */
  detach(): void {
    this.#unsubscribe();
    this.#alarm?.cancel();
  }

  perform(command: ControlCommand): ControlAnswer {
    switch (command.verb) {
      case 'connect':
        return this.#connect(command);
      case 'send':
        return this.#on(command.connection, (id, now) => this.#host.send(id, command.octets, now));
      case 'close':
        return this.#on(command.connection, (id, now) => this.#host.close(id, now));
      case 'abort':
        return this.#on(command.connection, (id, now) => this.#host.abort(id, now));
      case 'announce':
      case 'withdraw':
      case 'prioritise': {
        const { verb: signal, connection: _, ...rest } = command;
        return this.#signal(command.connection, { signal, ...rest } as AddressSignal);
      }
      case 'info': {
        const info = this.#host.info(this.#find(command.connection) ?? '');
        return info === undefined ? unknown(command.connection) : { answer: 'ok', result: { ...info } };
      }
      case 'accepted':
        return { answer: 'ok', result: this.countAccepted(command.from) };
      case 'health':
        return done;
    }
  }

  #connect(command: Extract<ControlCommand, { verb: 'connect' }>): ControlAnswer {
    const { connection, to, paths, version, profile } = command;
    if (profile !== undefined && !isProfile(profile)) return { answer: 'unsupported' };
    if (this.#opened.has(connection)) return { answer: 'failed', why: `there is a connection ${connection} already` };
    const output = this.#host.connect(
      {
        ...to,
        paths,
        ...(version === undefined ? {} : { version }),
        ...(profile === undefined ? {} : { profile }),
      },
      this.#clock.now(),
    );
    this.#opened.set(connection, output.connection);
    this.#take(output);
    return done;
  }

  #on(connection: string, act: (id: string, now: bigint) => HostOutput): ControlAnswer {
    const id = this.#find(connection);
    if (id === undefined) return unknown(connection);
    this.#take(act(id, this.#clock.now()));
    return done;
  }

  #signal(connection: string, signal: AddressSignal): ControlAnswer {
    const id = this.#find(connection);
    if (id === undefined) return unknown(connection);
    const output = this.#host.signal(id, signal, this.#clock.now());
    this.#take(output);
    return output.told
      ? done
      : { answer: 'failed', why: `connection ${connection} has nothing to say of ${signal.address}` };
  }

  #find(connection: string): string | undefined {
    const accepted = /^accepted:(.+)$/.exec(connection)?.[1];
    return accepted === undefined ? this.#opened.get(connection) : this.#accepted.get(accepted)?.connections.at(-1);
  }

  /** Connections accepted from these addresses since the last reset, and how many of them are over. */
  countAccepted(from: readonly string[]): { count: number; closed: number } {
    const counts = { count: 0, closed: 0 };
    for (const address of new Set(from)) {
      counts.count += this.#accepted.get(address)?.connections.length ?? 0;
      counts.closed += this.#accepted.get(address)?.closed ?? 0;
    }
    return counts;
  }

  #take(output: HostOutput): void {
    for (const notice of output.notices) this.#note(notice);
    for (const { path, frame } of output.frames) this.#link.send(path, frame);
    if (output.wakeAt === this.#wakeAt) return;
    this.#alarm?.cancel();
    this.#wakeAt = output.wakeAt;
    if (output.wakeAt !== undefined) this.#alarm = this.#clock.at(output.wakeAt, () => this.#wake());
  }

  #wake(): void {
    this.#wakeAt = undefined;
    this.#take(this.#host.wake(this.#clock.now()));
  }

  #note(notice: HostNotice): void {
    switch (notice.notice) {
      case 'accepted': {
        const acceptance = this.#accepted.get(notice.peer) ?? { connections: [], closed: 0 };
        acceptance.connections.push(notice.connection);
        this.#accepted.set(notice.peer, acceptance);
        this.#peers.set(notice.connection, acceptance);
        break;
      }
      case 'closed': {
        const acceptance = this.#peers.get(notice.connection);
        if (acceptance !== undefined) acceptance.closed += 1;
        break;
      }
      case 'established':
      case 'failed':
      case 'data':
      case 'ended':
      case 'drained':
        break;
    }
  }
}

const unknown = (connection: string): ControlAnswer => ({ answer: 'failed', why: `no connection ${connection}` });

const isProfile = (name: string): name is EstablishmentProfile =>
  establishmentProfiles.some((profile) => profile === name);
