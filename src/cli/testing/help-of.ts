/** Help of the command line, as a test reads it. */
import { commandLine } from '../command-line.js';

/** What help says to these words. */
export const helpOf = async (words: readonly string[]): Promise<string> => {
  let help = '';
  const program = await commandLine(words);
  await program.wrap(null).parseAsync([...words], {}, (_error: unknown, _given: unknown, output: string) => {
    help = output;
  });
  return help;
};
