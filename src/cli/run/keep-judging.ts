/** `robe run --watch`: judges, waits for a change, judges again, until it is interrupted. What a file gets wrong is told, and waited out. */

import { UsageError } from '../../conduct/usage-error.js';
import { type ExitCode, exitCodes } from '../../gate/exit-code.js';
import { watchFiles } from './watch-files.js';

/** The exit code of an interrupted run; one that is interrupted while it waits ends as any program does. */
export const keepJudging = async (places: readonly string[], judge: () => Promise<ExitCode>): Promise<ExitCode> => {
  const watch = watchFiles(places);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    for (;;) {
      const exit = await judgeOrTell(judge, say);
      if (exit === exitCodes.interrupted) return exit;
      say(`\nWatching ${places.join(', ')}; Ctrl-C ends.`);
      await watch.next();
      say('');
    }
  } finally {
    watch.close();
  }
};

const judgeOrTell = async (judge: () => Promise<ExitCode>, say: (line: string) => void): Promise<ExitCode> => {
  try {
    return await judge();
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    for (const line of cause.lines) say(`robe: ${line}`);
    return exitCodes.usage;
  }
};
