/** The relay of `run-relay.ts` as whoever started it sees it. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type PathImpairment, type RelayJob, relayReport, type Seen } from './relay-messages.js';

/** The relay could not do its part; the message says why. */
export class RelayError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RelayError';
  }
}

/** The relay's process as the conductor sees it. */
export class RelayProcess {
  readonly #child: ChildProcess;
  #seen: Seen[] = [];
  #waiting: { readonly resolve: () => void; readonly reject: (cause: Error) => void } | undefined;
  #ended: Error | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-500);
    });
    child.stdin?.on('error', () => {
      // It ended; its end says why.
    });
    if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => this.#take(line));
    child.once('close', () =>
      this.#fail(new RelayError(`the relay ended: ${complaint.trim().split('\n').at(-1) ?? ''}`)),
    );
  }

  get seen(): readonly Seen[] {
    return this.#seen;
  }

  begin(job: RelayJob): Promise<void> {
    return this.#say(job);
  }

  async impair(paths: readonly PathImpairment[]): Promise<void> {
    await this.#say({ impair: paths });
    this.#seen = [];
  }

  end(): void {
    this.#child.stdin?.end();
  }

  #say(message: object): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
    });
  }

  #take(line: string): void {
    const report = relayReport.parse(JSON.parse(line));
    if ('saw' in report) this.#seen.push(report);
    else if ('failed' in report) this.#fail(new RelayError(report.failed));
    else {
      this.#waiting?.resolve();
      this.#waiting = undefined;
    }
  }

  #fail(cause: Error): void {
    this.#ended ??= cause;
    this.#waiting?.reject(cause);
    this.#waiting = undefined;
  }
}
