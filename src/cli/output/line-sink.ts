/**
 * Lines to a stream that may be slow or go away: writing waits when the stream is full, and says so when nobody reads any
 * more (`robe decode … | head`), which is an end and not an error. In a terminal they are folded to its width.
 */
import type { Writable } from 'node:stream';
import { folded } from './fold.js';

export interface LineSink {
  /** Whether there is any use in writing more. */
  write(line: string): Promise<boolean>;
  /** Resolves when everything is written or nobody reads any more. */
  end(): Promise<void>;
}

/** Characters that are collected before they are written. */
const batchSize = 16384;

/** Whether a stream still takes anything; watched once, however many sinks it has. */
interface Health {
  open: boolean;
  failure?: Error;
}

const watched = new WeakMap<Writable, Health>();

const healthOf = (stream: Writable): Health => {
  const known = watched.get(stream);
  if (known !== undefined) return known;
  const health: Health = { open: true };
  watched.set(stream, health);
  stream.on('error', (error: Error & { readonly code?: string }) => {
    health.open = false;
    if (error.code !== 'EPIPE') health.failure = error;
  });
  return health;
};

/** Lines for programs stay whole, in terminals too. */
const isJson = (line: string): boolean => /^[{[]/.test(line);

export const lineSink = (stream: Writable): LineSink => {
  const health = healthOf(stream);
  let pending = '';
  const flush = (): Promise<void> => {
    const text = pending;
    pending = '';
    if (text === '' || !health.open) return Promise.resolve();
    return new Promise((resolve) => {
      stream.write(text, () => resolve());
    });
  };
  const settle = (): boolean => {
    if (health.failure !== undefined) throw health.failure;
    return health.open;
  };
  return {
    async write(line) {
      pending += `${isJson(line) ? line : folded(line, stream)}\n`;
      if (pending.length >= batchSize) await flush();
      return settle();
    },
    async end() {
      await flush();
      settle();
    },
  };
};
