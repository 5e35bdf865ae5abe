/**
 * An echo application that reads and writes at its own pace, in place of the echo service of the reference, which answers at
 * once and in one write. TCP promises a stream: when an application answers and in how many writes is its own affair
 * (RFC 9293 sections 3.9.1.2 and 3.9.1.3). The host it sits on has to have a `receiveBuffer`.
 */
import type {
  AddressSignal,
  ConnectTarget,
  HostConnectionInfo,
  HostNotice,
  HostOutput,
  ReferenceHost,
  StreamHost,
} from '../reference/contract.js';

export interface Pace {
  /** Nanoseconds from the arrival of octets until they are read and written back. */
  readonly pause: bigint;
  /** Octets of each write but the last one of what came together; absent: one write. */
  readonly piece?: number;
  /** What came by then is answered in one write. */
  readonly together?: boolean;
  /** Nanoseconds from the end of the stream until the application closes; absent: as long as `pause`. */
  readonly linger?: bigint;
}

/** What a connection still has to do. */
interface Task {
  /** Octets to be answered; absent: the end of the stream. */
  readonly octets?: Uint8Array;
  readonly due: bigint;
}

class EchoApplication implements ReferenceHost {
  readonly #host: StreamHost;
  readonly #pace: Pace;
  /** Connections that were accepted, with what is left to do on each. */
  readonly #accepted = new Map<string, Task[]>();
  #wakeAt: bigint | undefined;

  constructor(host: StreamHost, pace: Pace) {
    this.#host = host;
    this.#pace = pace;
  }

  receive(path: number, frame: Uint8Array, now: bigint): HostOutput {
    return this.#serve(this.#host.receive(path, frame, now), now);
  }

  wake(now: bigint): HostOutput {
    return this.#serve(this.#host.wake(now), now);
  }

  listen(port: number, service: 'echo' | 'discard', now: bigint): HostOutput & { readonly listener: string } {
    const output = this.#host.listen(port, service === 'echo' ? 'application' : service, now);
    return { ...this.#serve(output, now), listener: output.listener };
  }

  connect(to: ConnectTarget, now: bigint): HostOutput & { readonly connection: string } {
    const output = this.#host.connect(to, now);
    return { ...this.#serve(output, now), connection: output.connection };
  }

  send(connection: string, octets: Uint8Array, now: bigint): HostOutput {
    return this.#serve(this.#host.send(connection, octets, now), now);
  }

  close(connection: string, now: bigint): HostOutput {
    return this.#serve(this.#host.close(connection, now), now);
  }

  abort(connection: string, now: bigint): HostOutput {
    return this.#serve(this.#host.abort(connection, now), now);
  }

  signal(connection: string, signal: AddressSignal, now: bigint): HostOutput & { readonly told: boolean } {
    const output = this.#host.signal(connection, signal, now);
    return { ...this.#serve(output, now), told: output.told };
  }

  info(connection: string): HostConnectionInfo | undefined {
    return this.#host.info(connection);
  }

  reset(): void {
    this.#host.reset();
    this.#accepted.clear();
    this.#wakeAt = undefined;
  }

  /** Takes notice of an output and does what is due; gives all of it as one output. */
  #serve(first: HostOutput, now: bigint): HostOutput {
    const frames = [...first.frames];
    const notices: HostNotice[] = [];
    const absorb = (output: HostOutput): void => {
      if (output !== first) frames.push(...output.frames);
      notices.push(...output.notices);
      this.#wakeAt = output.wakeAt;
      for (const notice of output.notices) this.#note(notice, now, absorb);
    };
    absorb(first);
    for (const [connection, tasks] of this.#accepted) {
      if (this.#pace.together === true) merge(tasks, now);
      for (let task = tasks[0]; task !== undefined && task.due <= now; task = tasks[0]) {
        tasks.shift();
        this.#perform(connection, task, now, absorb);
      }
    }
    const wakeAt = this.#next();
    return wakeAt === undefined ? { frames, notices } : { frames, notices, wakeAt };
  }

  #note(notice: HostNotice, now: bigint, absorb: (output: HostOutput) => void): void {
    switch (notice.notice) {
      case 'accepted':
        this.#accepted.set(notice.connection, []);
        break;
      case 'data': {
        const tasks = this.#accepted.get(notice.connection);
        if (tasks === undefined) absorb(this.#host.consume(notice.connection, notice.octets.length, now));
        else tasks.push({ octets: notice.octets, due: now + this.#pace.pause });
        break;
      }
      case 'ended':
        this.#accepted.get(notice.connection)?.push({ due: now + (this.#pace.linger ?? this.#pace.pause) });
        break;
      case 'closed':
      case 'failed':
        this.#accepted.delete(notice.connection);
        break;
      case 'established':
      case 'drained':
        break;
    }
  }

  #perform(connection: string, { octets }: Task, now: bigint, absorb: (output: HostOutput) => void): void {
    if (octets === undefined) {
      absorb(this.#host.close(connection, now));
      return;
    }
    absorb(this.#host.consume(connection, octets.length, now));
    const piece = this.#pace.piece ?? octets.length;
    for (let at = 0; at < octets.length; at += piece)
      absorb(this.#host.send(connection, octets.subarray(at, at + piece), now));
  }

  #next(): bigint | undefined {
    let next = this.#wakeAt;
    for (const [task] of this.#accepted.values())
      if (task !== undefined && (next === undefined || task.due < next)) next = task.due;
    return next;
  }
}

/** The octets at the front become one task once the first of them is due. */
const merge = (tasks: Task[], now: bigint): void => {
  const end = tasks.findIndex(({ octets }) => octets === undefined);
  const waiting = tasks.slice(0, end < 0 ? tasks.length : end);
  const [first] = waiting;
  if (first === undefined || first.due > now || waiting.length === 1) return;
  const octets = Uint8Array.from(waiting.flatMap((task) => [...(task.octets ?? [])]));
  tasks.splice(0, waiting.length, { octets, due: first.due });
};

/** The application as a change of a variant. */
export const echoing = (pace: Pace) => ({
  config: { receiveBuffer: 65536 },
  application: (host: StreamHost): ReferenceHost => new EchoApplication(host, pace),
});
