/** `robe compare BEFORE AFTER`: what changed between two runs, on the terminal and as Markdown. */
import type { CommandModule } from 'yargs';
import { compareRuns, worsening } from '../../gate/compare.js';
import { exitCodes } from '../../gate/exit-code.js';
import { comparisonLines } from '../../report/comparison-lines.js';
import { writeMarkdownComparison } from '../../report/markdown-comparison.js';
import { loadResults } from '../gate/results-file.js';
import { refuseRepeated } from '../once.js';
import { writeNamedFile } from '../output/write-file.js';

interface CompareArguments {
  readonly before: string;
  readonly after: string;
  readonly markdown?: string | undefined;
}

export const compareCommand: CommandModule<object, CompareArguments> = {
  command: 'compare <before> <after>',
  describe: 'Show what changed between two runs',
  builder: (yargs) =>
    yargs
      .positional('before', {
        type: 'string',
        demandOption: true,
        describe: 'results.json or directory of the earlier run',
      })
      .positional('after', {
        type: 'string',
        demandOption: true,
        describe: 'results.json or directory of the later run',
      })
      .option('markdown', { type: 'string', requiresArg: true, describe: 'Also write it as Markdown' })
      .check(refuseRepeated('markdown'))
      .example('$0 compare reports/main reports/branch', 'What a branch changes')
      .epilogue('Ends with 1 if anything is worse: regressed, failing differently, newly failing, or gone.'),
  handler: ({ before, after, markdown }) => {
    const comparison = compareRuns(loadResults(before).results, loadResults(after).results);
    process.stdout.write(`${comparisonLines(comparison).join('\n')}\n`);
    if (markdown !== undefined) writeNamedFile(markdown, writeMarkdownComparison(comparison));
    if (worsening.some((change) => comparison.counts[change] > 0)) process.exitCode = exitCodes.red;
  },
};
