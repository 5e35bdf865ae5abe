/**
 * How long a process had to wait for a processor: the second field of Linux' `schedstat`, nanoseconds for which its main
 * thread was runnable but not running. It excludes time spent running or asleep.
 */
import { openSync, readSync } from 'node:fs';

export class RunQueueDelay {
  readonly #octets = Buffer.alloc(96);
  readonly #file: number | undefined;

  /** Of this process when no process id is given. */
  constructor(process: number | 'self' = 'self') {
    this.#file = openIfThere(`/proc/${process}/schedstat`);
  }

  get readable(): boolean {
    return this.#file !== undefined;
  }

  /** Nanoseconds since the process began; 0 where it cannot be read, and when the process is gone. */
  read(): number {
    if (this.#file === undefined) return 0;
    try {
      const length = readSync(this.#file, this.#octets, 0, this.#octets.length, 0);
      return Number(this.#octets.toString('latin1', 0, length).split(' ')[1] ?? 0);
    } catch {
      return 0;
    }
  }
}

const openIfThere = (file: string): number | undefined => {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
};
