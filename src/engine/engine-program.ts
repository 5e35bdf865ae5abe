/**
 * The engine as a program of this machine. It is written in C, since Node's sockets cannot be MPTCP, and built once for
 * each version of its sources, by the machine's C compiler.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtProgram } from '../net/lab/built-program.js';
import type { Variables } from '../net/lab/cache-folder.js';
import { command, LabError } from '../net/lab/command.js';

/** The program is in the source folder: the build copies no C. */
const folder = fileURLToPath(new URL('../../src/engine/program/', import.meta.url));
/** The code with which its program implements robe-ctl/1, like the shims. */
const channel = fileURLToPath(new URL('../../src/iut/shim/robe-ctl.h', import.meta.url));
const flags = ['-O2', '-pthread'] as const;

/** `static`: it needs no libraries where it runs, and resolves no names there. */
export type Linking = 'dynamic' | 'static';
const compilers: readonly string[] = ['cc', 'gcc', 'clang'];

/** Returns the program's file. Throws a LabError that names what the machine lacks, if it cannot be built. */
export const engineProgram = (environment: Variables, linking: Linking = 'dynamic'): Promise<string> => {
  const recipe = linking === 'static' ? [...flags, '-static'] : flags;
  const sources = readdirSync(folder).sort();
  return builtProgram(environment, {
    room: 'engine',
    name: 'robe-engine',
    sources: [...sources.map((source) => join(folder, source)), channel],
    recipe,
    build: (made) => compile(environment, [...recipe, '-o', made, ...sources.filter((name) => name.endsWith('.c'))]),
  });
};

const compile = async (environment: Variables, argv: readonly string[]): Promise<void> => {
  const named = environment['CC'];
  const candidates = named === undefined || named === '' ? compilers : [named];
  for (const compiler of candidates) {
    try {
      await command(compiler, argv, '', folder);
      return;
    } catch (cause) {
      if (cause instanceof LabError && cause.message === `${compiler} is not installed`) continue;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LabError(
        `the engine could not be built: ${why.slice(0, 600)}`,
        'apt-get install gcc libc6-dev linux-libc-dev, or name a compiler: CC=COMPILER',
      );
    }
  }
  throw new LabError(
    `the engine has to be built once, and there is no C compiler: ${candidates.join(', ')}`,
    'apt-get install gcc libc6-dev linux-libc-dev, or name one: CC=COMPILER',
  );
};
