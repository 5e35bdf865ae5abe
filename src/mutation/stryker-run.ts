/**
 * One run of Stryker for all requested files together, since it takes half a minute to start. The result of a file is
 * known as soon as its mutants were tried, so that a killed part keeps its finished files.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MutationMeans } from '../cli/mutation/mutation-campaign.js';
import type { FileScore } from '../cli/mutation/mutation-score.js';
import type { FileTried } from './file-reporter.js';

interface Waiting {
  readonly resolve: (score: FileScore) => void;
  readonly reject: (why: Error) => void;
}

const config = fileURLToPath(new URL('../../src/mutation/stryker.config.json', import.meta.url));
const withoutMutants: FileScore = { killed: 0, unchanged: 0, unreached: 0, broken: 0, survivors: [] };

/** `options`: further ones of Stryker, such as `--force`. */
export const strykerRun = (options: readonly string[]): MutationMeans => {
  const waiting = new Map<string, Waiting>();
  let child: ChildProcess | undefined;
  const begin = (): void => {
    const program = fileURLToPath(new URL('../../bin/stryker.js', import.meta.resolve('@stryker-mutator/core')));
    const files = [...waiting.keys()].join(',');
    child = spawn(process.execPath, [program, 'run', config, '--mutate', files, ...options], {
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    child.on('message', ({ file, score }: FileTried) => {
      waiting.get(file)?.resolve(score);
      waiting.delete(file);
    });
    child.once('error', giveUp);
    child.once('exit', (code) => {
      if (code !== 0) giveUp(new Error(`Stryker ended with ${code}`));
      // The other files have no mutants.
      for (const { resolve } of waiting.values()) resolve(withoutMutants);
      waiting.clear();
    });
  };
  const giveUp = (why: Error): void => {
    for (const { reject } of waiting.values()) reject(why);
    waiting.clear();
  };
  return {
    tryFile: (file) =>
      new Promise((resolve, reject) => {
        waiting.set(file, { resolve, reject });
        if (waiting.size === 1 && child === undefined) setImmediate(begin);
      }),
    close: async () => {
      if (child?.exitCode === null) child.kill();
    },
  };
};
