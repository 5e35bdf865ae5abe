/** The folder for files that are fetched or built once on a machine: `robe-conformance` in the user's cache directory. */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from './command.js';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Created if it is absent. Throws a LabError when it cannot be. */
export const cacheFolder = (environment: Variables, ...below: readonly string[]): string => {
  const home = environment['XDG_CACHE_HOME'] ?? join(environment['HOME'] ?? tmpdir(), '.cache');
  const folder = join(home, 'robe-conformance', ...below);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new LabError(
      `the cache ${folder} cannot be made: ${cause instanceof Error ? cause.message : String(cause)}`,
      'name another place for caches: XDG_CACHE_HOME=DIRECTORY',
    );
  }
  return folder;
};
