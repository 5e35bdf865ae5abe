/** A program that is built on this machine once for each version of its sources, and kept in the cache. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder, type Variables } from './cache-folder.js';

const digestLength = 16;

export interface Building {
  /** Its folder in the cache. */
  readonly room: string;
  /** The file's name, before the digest of its sources. */
  readonly name: string;
  readonly sources: readonly string[];
  /** Everything else that determines the result: flags, versions of libraries. */
  readonly recipe: readonly string[];
  /** Builds the file; its errors are passed on. */
  build(made: string): Promise<void>;
}

/** Returns the program's file, after building it if it is absent. */
export const builtProgram = async (environment: Variables, building: Building): Promise<string> => {
  const { room, name, sources, recipe } = building;
  const hash = createHash('sha256').update(recipe.join(' '));
  for (const source of sources) hash.update(basename(source)).update(readFileSync(source));
  const cache = cacheFolder(environment, room);
  const program = join(cache, `${name}-${hash.digest('hex').slice(0, digestLength)}`);
  if (existsSync(program)) return program;
  const workshop = mkdtempSync(join(cache, 'building-'));
  try {
    const made = join(workshop, name);
    await building.build(made);
    // Two concurrent builds both end with the whole program.
    renameSync(made, program);
    return program;
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
};
