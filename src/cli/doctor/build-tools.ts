/** What building cap takes, by the names of Debian's packages, and which of it this machine lacks. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const runs = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** Node's own headers, where this Node was installed with them: the folder around `include/node`. */
export const nodeHeaders = (): string | undefined => {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, 'include/node/node.h')) ? prefix : undefined;
};

/** Packages that are missing, npm included; Node's headers are none of them, as npm can fetch those. */
export const missingBuildTools = (): readonly string[] => [
  ...(existsSync('/usr/include/pcap/pcap.h') || existsSync('/usr/include/pcap.h') ? [] : ['libpcap-dev']),
  ...['g++', 'make', 'python3', 'npm'].filter((program) => !runs(program)),
];
