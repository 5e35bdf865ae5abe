/** The environment of a run in a test: no particular machine, and a clock that advances by a second at each reading. */
import { execPath } from 'node:process';
import type { Conductor } from '../conductor.js';

export const testConductor = (began = '2026-01-02T03:04:05.000Z'): Conductor => {
  let next = Date.parse(began);
  let elapsed = -1000;
  return {
    tool: 'robe-conformance 0.0.0',
    environment: { machine: 'test', kernel: 'none', node: 'none', processors: 1 },
    workingDirectory: process.cwd(),
    runner: [execPath, '--eval', 'process.exit(1)'],
    checkLive: async () => {},
    variables: {},
    elapsed: () => {
      elapsed += 1000;
      return elapsed;
    },
    now: () => {
      const now = new Date(next);
      next += 1000;
      return now;
    },
  };
};
