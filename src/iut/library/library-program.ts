/** How the program that drives a library's stack is built, with what Debian ships. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtProgram } from '../../net/lab/built-program.js';
import { cacheFolder, type Variables } from '../../net/lab/cache-folder.js';
import { command, LabError } from '../../net/lab/command.js';

export interface LibraryProgram {
  /** Also the build tag of what is particular to it. */
  readonly name: 'gvisor' | 'lwip';
  /** Debian's packages: the library, then what else building takes. */
  readonly debian: readonly [string, ...string[]];
}

/** The program stands in the sources: the build copies neither C nor Go. */
const folder = fileURLToPath(new URL('../../../src/iut/library/shim/', import.meta.url));

/** Libraries in Go stand where Debian keeps them; nothing is fetched. */
const environment = ['GO111MODULE=off', 'GOPATH=/usr/share/gocode'] as const;

/** Gives the program's file. Throws a LabError where the library or a compiler is missing. */
export const libraryProgram = async ({ name, debian }: LibraryProgram, variables: Variables): Promise<string> => {
  const remedy = `apt-get install ${debian.join(' ')}`;
  const version = await versionOf(debian[0], remedy);
  const build = ['go', 'build', '-tags', name, '-ldflags', `-X main.version=${version}`];
  return builtProgram(variables, {
    room: 'library',
    name,
    sources: readdirSync(folder)
      .sort()
      .map((source) => join(folder, source)),
    recipe: [...environment, ...build],
    async build(made) {
      const cache = `GOCACHE=${cacheFolder(variables, 'library', 'go')}`;
      try {
        await command('env', [...environment, cache, ...build, '-o', made, '.'], '', folder);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new LabError(`the program for lab:${name} could not be built: ${why.slice(0, 600)}`, remedy);
      }
    },
  });
};

const versionOf = async (debian: string, remedy: string): Promise<string> => {
  try {
    const [, version = ''] = (await command('dpkg-query', ['--show', debian])).trim().split('\t');
    return version;
  } catch {
    throw new LabError(`the library is not installed as Debian's package ${debian}`, remedy);
  }
};
