/** Builds the preload that makes calls fail. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The build copies no C. */
const source = fileURLToPath(new URL('../../src/faults/failing-calls.c', import.meta.url));

/** Returns its file; throws if there is no compiler. */
export const buildPreload = (folder: string): string => {
  const library = join(folder, 'failing-calls.so');
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return library;
};
