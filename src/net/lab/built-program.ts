/** A program that is built on this machine once for each version of its sources, and kept in the cache. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder, type Variables } from './cache-folder.js';

const digestLength = 16;

export interface Building {
  /** Its folder in the cache. */
  readonly room: string;
  /** What the file is called, before the digest of what it is made from. */
  readonly name: string;
  readonly sources: readonly string[];
  /** Whatever else decides what comes out: flags, versions of libraries. */
  readonly recipe: readonly string[];
  /** Makes the file; what it throws is thrown on. */
  build(made: string): Promise<void>;
}

/** Gives the program's file, built if it is not there. */
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
    // Two that build at once both end with the whole program.
    renameSync(made, program);
    return program;
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
};
