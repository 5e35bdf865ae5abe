/**
 * Streams over a host of the reference on a link: arriving frames go to the host, its frames go onto the link, wake-ups
 * are alarms of the clock, and every connection is a stream. The same on real interfaces and in memory under virtual
 * time.
 */
import type { Alarm, Clock, Time } from '../net/clock/clock.js';
import type { Link } from '../net/link/link.js';
import type { ConnectTarget, HostNotice, HostOutput, StreamHost } from '../reference/contract.js';
import type { DetachableStream, StreamEvents } from './stream.js';

/** The properties of a stream over RobE in addition to those of every stream. */
export interface ConnectEvents {
  established(): void;
  failed(why: 'refused' | 'timeout' | 'reset'): void;
}

/** Called with each connection that a peer opened, and the peer's address. */
export type Accept = (stream: DetachableStream, peer: string) => void;

export class RobeStreams {
  readonly #host: StreamHost;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #unsubscribe: () => void;
  readonly #streams = new Map<string, RobeStream>();
  readonly #accepts = new Map<string, Accept>();
  #notices: HostNotice[] = [];
  #isTelling = false;
  #alarm: Alarm | undefined;
  #wakeAt: Time | undefined;

  constructor(host: StreamHost, link: Link, clock: Clock) {
    this.#host = host;
    this.#link = link;
    this.#clock = clock;
    this.#unsubscribe = link.subscribe(({ path, frame }) => this.#take(host.receive(path, frame, clock.now())));
  }

  get open(): number {
    return this.#streams.size;
  }

  listen(port: number, accept: Accept): void {
    const output = this.#host.listen(port, 'application', this.#clock.now());
    this.#accepts.set(output.listener, accept);
    this.#take(output);
  }

  connect(target: ConnectTarget, events: ConnectEvents): DetachableStream {
    const output = this.#host.connect(target, this.#clock.now());
    const stream = this.#add(output.connection, events);
    this.#take(output);
    return stream;
  }

  /** Aborts every connection and stops receiving frames; the link stays open. */
  detach(): void {
    for (const stream of [...this.#streams.values()]) stream.reset();
    this.#unsubscribe();
    this.#alarm?.cancel();
  }

  #add(connection: string, events?: ConnectEvents): RobeStream {
    const stream = new RobeStream(
      {
        send: (octets) => {
          const output = this.#host.send(connection, octets, this.#clock.now());
          this.#take(output);
          return output.unsent;
        },
        consume: (octets) => this.#take(this.#host.consume(connection, octets, this.#clock.now())),
        close: () => this.#take(this.#host.close(connection, this.#clock.now())),
        abort: () => this.#take(this.#host.abort(connection, this.#clock.now())),
      },
      events,
    );
    this.#streams.set(connection, stream);
    return stream;
  }

  #take(output: HostOutput): void {
    for (const { path, frame } of output.frames) this.#link.send(path, frame);
    this.#arm(output.wakeAt);
    this.#notices.push(...output.notices);
    // Consequences of a notice are reported after it, not during it.
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let first = this.#notices.shift(); first !== undefined; first = this.#notices.shift()) this.#tell(first);
    } finally {
      this.#isTelling = false;
    }
  }

  /** An alarm that is set already and comes sooner stays: to wake up for nothing is cheaper than to set another each time. */
  #arm(wakeAt: Time | undefined): void {
    if (wakeAt === undefined || (this.#wakeAt !== undefined && this.#wakeAt <= wakeAt)) return;
    this.#alarm?.cancel();
    this.#wakeAt = wakeAt;
    this.#alarm = this.#clock.at(wakeAt, () => {
      this.#wakeAt = undefined;
      this.#take(this.#host.wake(this.#clock.now()));
    });
  }

  #tell(notice: HostNotice): void {
    const { connection } = notice;
    switch (notice.notice) {
      case 'accepted':
        this.#accepts.get(notice.listener)?.(this.#add(connection), notice.peer);
        return;
      case 'established':
        this.#streams.get(connection)?.events?.established();
        return;
      case 'data':
        this.#streams.get(connection)?.told({ event: 'data', octets: notice.octets });
        return;
      case 'ended':
        this.#streams.get(connection)?.told({ event: 'ended' });
        return;
      case 'drained':
        this.#streams.get(connection)?.told({ event: 'roomMade' });
        return;
      case 'failed': {
        const stream = this.#streams.get(connection);
        this.#streams.delete(connection);
        stream?.events?.failed(notice.why);
        return;
      }
      case 'closed': {
        const stream = this.#streams.get(connection);
        this.#streams.delete(connection);
        if (notice.how === 'reset') stream?.told({ event: 'broken' });
        return;
      }
    }
  }
}

/** A connection of the host. */
interface Line {
  /** Returns the number of waiting octets. */
  send(octets: Uint8Array): number;
  consume(octets: number): void;
  close(): void;
  abort(): void;
}

type Told =
  | { readonly event: 'data'; readonly octets: Uint8Array }
  | { readonly event: 'ended' | 'broken' | 'roomMade' };

class RobeStream implements DetachableStream {
  readonly #line: Line;
  readonly events: ConnectEvents | undefined;
  #attached: StreamEvents | undefined;
  /** Events before a listener was attached; bounded by the receive window. */
  #before: Told[] = [];
  #given = false;

  constructor(line: Line, events: ConnectEvents | undefined) {
    this.#line = line;
    this.events = events;
  }

  write(octets: Uint8Array): boolean {
    return this.#line.send(octets) === 0;
  }

  consume(octets: number): void {
    this.#line.consume(octets);
  }

  end(): void {
    this.#line.close();
  }

  reset(): void {
    this.#given = true;
    this.#line.abort();
  }

  attach(events: StreamEvents): void {
    this.#attached = events;
    const before = this.#before;
    this.#before = [];
    for (const told of before) this.told(told);
  }

  detach(rest: Uint8Array): void {
    this.#attached = undefined;
    if (rest.length > 0) this.#before.unshift({ event: 'data', octets: rest });
  }

  told(told: Told): void {
    // The side that aborted the stream gets no notice of its end.
    if (this.#given) return;
    if (this.#attached === undefined) this.#before.push(told);
    else if (told.event === 'data') this.#attached.data(told.octets);
    else this.#attached[told.event]();
  }
}
