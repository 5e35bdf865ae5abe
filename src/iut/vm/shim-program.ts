/** The C shim as a static program, which runs in a guest that has no libraries. Built once for each version of its source. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, type Variables } from '../../net/lab/cache-folder.js';
import { command, LabError } from '../../net/lab/command.js';

/** The shim stands in the sources: the build copies no C. */
const source = fileURLToPath(new URL('../../../src/iut/shim/linux-mptcp.c', import.meta.url));
const flags = ['-O2', '-static', '-Wall'] as const;
const digestLength = 16;

/** Gives the program's file. Throws a LabError where there is no compiler, or no static C library. */
export const staticShim = async (environment: Variables): Promise<string> => {
  const folder = cacheFolder(environment, 'shim');
  const digest = createHash('sha256').update(readFileSync(source)).update(flags.join(' ')).digest('hex');
  const program = join(folder, `linux-mptcp-${digest.slice(0, digestLength)}`);
  if (existsSync(program)) return program;
  const workshop = await mkdtemp(join(folder, 'building-'));
  try {
    const made = join(workshop, 'shim');
    await command('gcc', [...flags, '-o', made, source]);
    renameSync(made, program);
    return program;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LabError(
      `the control program for the guest could not be built: ${why}`,
      'apt-get install gcc libc6-dev linux-libc-dev, or name one: vm:KERNEL,shim=PROGRAM',
    );
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
};
