/**
 * Waits until one of several files changes. Editors write a file anew under its name as often as they write into it, so
 * what is watched is the directory around it; a change counts once everything has been quiet for a moment.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '../usage-error.js';

/** Milliseconds without a further change: a save is rarely one write. */
const quiet = 40;

export interface FileWatch {
  /** Settles at the first change since the last time that was asked; a change in between counts. */
  next(): Promise<void>;
  close(): void;
}

/** `places` are files or directories, which are watched with all that is below them. Throws a UsageError. */
export const watchFiles = (places: readonly string[]): FileWatch => {
  let changed = false;
  let settle: (() => void) | undefined;
  let pause: NodeJS.Timeout | undefined;
  const note = (): void => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      changed = true;
      settle?.();
    }, quiet);
  };
  const watchers: FSWatcher[] = [];
  const close = (): void => {
    clearTimeout(pause);
    for (const each of watchers) each.close();
  };
  try {
    for (const place of places) {
      const path = resolve(place);
      if (statSync(path).isDirectory()) watchers.push(watch(path, { recursive: true }, note));
      else {
        const name = basename(path);
        watchers.push(watch(dirname(path), (_, file) => (file === null || file === name ? note() : undefined)));
      }
    }
  } catch (cause) {
    close();
    throw new UsageError([`--watch: ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
  return {
    next: () =>
      new Promise((resolved) => {
        settle = () => {
          changed = false;
          settle = undefined;
          resolved();
        };
        if (changed) settle();
      }),
    close,
  };
};
