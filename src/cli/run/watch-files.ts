/**
 * Waits until one of several files changes. Editors write a file anew under its name as often as they write into it, so
 * what is watched is the directory around it; a change counts once everything has been quiet for a moment.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '../../conduct/usage-error.js';

/** Milliseconds without a further change: a save is rarely one write. */
const quiet = 40;

export interface FileWatch {
  /** Settles at the first change since the last time that was asked; a change in between counts. */
  next(): Promise<void>;
  close(): void;
}

/** `places` are files or directories, which are watched with all that is below them. Throws a UsageError. */
export const watchFiles = (places: readonly string[]): FileWatch => {
  const change = new Change();
  const watchers: FSWatcher[] = [];
  const close = (): void => {
    change.forget();
    for (const each of watchers) each.close();
  };
  try {
    for (const place of places) watchers.push(watchPlace(resolve(place), () => change.note()));
  } catch (cause) {
    close();
    throw new UsageError([`--watch: ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
  return { next: () => change.next(), close };
};

const watchPlace = (path: string, note: () => void): FSWatcher => {
  if (statSync(path).isDirectory()) return watch(path, { recursive: true }, note);
  const name = basename(path);
  return watch(dirname(path), (_, file) => (file === null || file === name ? note() : undefined));
};

/** What has happened since somebody last asked. */
class Change {
  #happened = false;
  #settle: (() => void) | undefined;
  #pause: NodeJS.Timeout | undefined;

  note(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#happened = true;
      this.#settle?.();
    }, quiet);
  }

  next(): Promise<void> {
    return new Promise((resolved) => {
      this.#settle = () => {
        this.#happened = false;
        this.#settle = undefined;
        resolved();
      };
      if (this.#happened) this.#settle();
    });
  }

  /** What has not been quiet long enough never counts. */
  forget(): void {
    clearTimeout(this.#pause);
  }
}
