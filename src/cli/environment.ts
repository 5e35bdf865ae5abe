/**
 * Facts about the machine and this program, for the record of a run. They include no addresses and no names of users or
 * hosts.
 */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, platform, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { EnvironmentRecord } from '../suite/verdict/results.js';

const packageFile = fileURLToPath(new URL('../../package.json', import.meta.url));

export const toolVersion = (): string => {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(packageFile, 'utf8'));
  return version;
};

export const toolName = (): string => `robe-conformance ${toolVersion()}`;

export const describeEnvironment = (): EnvironmentRecord => ({
  machine: arch(),
  kernel: `${platform()} ${release()}`,
  node: process.version,
  processors: availableParallelism(),
});
