/** The C shim as a static program, which runs in a guest that has no libraries. Built once for each version of its source. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtProgram } from '../../net/lab/built-program.js';
import type { Variables } from '../../net/lab/cache-folder.js';
import { command, LabError } from '../../net/lab/command.js';

/** The shim stands in the sources: the build copies no C. */
const folder = fileURLToPath(new URL('../../../src/iut/shim/', import.meta.url));
const source = join(folder, 'linux-mptcp.c');
const flags = ['-O2', '-static', '-Wall'] as const;

/** Gives the program's file. Throws a LabError where there is no compiler, or no static C library. */
export const staticShim = (environment: Variables): Promise<string> =>
  builtProgram(environment, {
    room: 'shim',
    name: 'linux-mptcp',
    sources: [source, join(folder, 'robe-ctl.h')],
    recipe: flags,
    build,
  });

const build = async (made: string): Promise<void> => {
  try {
    await command('gcc', [...flags, '-o', made, source]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LabError(
      `the control program for the guest could not be built: ${why}`,
      'apt-get install gcc libc6-dev linux-libc-dev, or name one: vm:KERNEL,shim=PROGRAM',
    );
  }
};
