/** Facts about the machine and this program, for the record of a run. Addresses, names of users and hosts are none of them. */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, platform, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { EnvironmentRecord } from '../suite/verdict/results.js';

const packageFile = fileURLToPath(new URL('../../package.json', import.meta.url));
const packageFacts = z.object({ name: z.string(), version: z.string() });

export const toolVersion = (): string => packageFacts.parse(JSON.parse(readFileSync(packageFile, 'utf8'))).version;

export const toolName = (): string => `robe-conformance ${toolVersion()}`;

export const describeEnvironment = (): EnvironmentRecord => ({
  machine: arch(),
  kernel: `${platform()} ${release()}`,
  node: process.version,
  processors: availableParallelism(),
});
