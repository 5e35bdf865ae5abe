/**
 * How the runner is started: Node and its arguments. Room for 64 MB of new objects, because clearing them away takes milliseconds
 * in which no answer is given; with the 16 MB that are usual it comes four times as often.
 */
import { fileURLToPath } from 'node:url';
import { startFile } from '../start-file.js';

export const flagsOfRunner: readonly string[] = ['--max-semi-space-size=64'];

export const runnerProgram: readonly [program: string, ...argv: string[]] = [
  process.execPath,
  ...flagsOfRunner,
  fileURLToPath(startFile('runner')),
];
