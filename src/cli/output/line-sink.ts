/**
 * Lines to a stream that may be slow or go away: writing waits when the stream is full, and says so when nobody reads any
 * more (`robe decode … | head`), which is an end and not an error.
 */
import type { Writable } from 'node:stream';

export interface LineSink {
  /** Whether there is any use in writing more. */
  write(line: string): Promise<boolean>;
  /** Resolves when everything is written or nobody reads any more. */
  end(): Promise<void>;
}

/** Characters that are collected before they are written. */
const batchSize = 16384;

export const lineSink = (stream: Writable): LineSink => {
  let open = true;
  let failure: Error | undefined;
  let pending = '';
  stream.on('error', (error: Error & { readonly code?: string }) => {
    open = false;
    if (error.code !== 'EPIPE') failure = error;
  });
  const flush = (): Promise<void> => {
    const text = pending;
    pending = '';
    if (text === '' || !open) return Promise.resolve();
    return new Promise((resolve) => {
      stream.write(text, () => resolve());
    });
  };
  const settle = (): boolean => {
    if (failure !== undefined) throw failure;
    return open;
  };
  return {
    async write(line) {
      pending += `${line}\n`;
      if (pending.length >= batchSize) await flush();
      return settle();
    },
    async end() {
      await flush();
      settle();
    },
  };
};
