/** `robe compare BEFORE AFTER`: what changed between two runs, on the terminal as Markdown, and as HTML. */
import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { type Comparison, compareRuns, worsening } from '../../gate/compare.js';
import { exitCodes } from '../../gate/exit-code.js';
import { gateOf, strictly } from '../../gate/gate.js';
import { comparisonLines } from '../../report/comparison-lines.js';
import { writeMarkdownComparison } from '../../report/markdown-comparison.js';
import { loadResults, type ResultsFile } from '../gate/results-file.js';
import { refuseRepeated } from '../once.js';
import { writeNamedFile } from '../output/write-file.js';
import { pageCatalogue } from '../report/page-input.js';
import { writePage } from '../report/write-page.js';

interface CompareArguments {
  readonly before: string;
  readonly after: string;
  readonly markdown?: string | undefined;
  readonly html?: string | undefined;
}

export const command: CommandModule<object, CompareArguments> = {
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
      .option('html', { type: 'string', requiresArg: true, describe: 'Also write both runs side by side as HTML' })
      .check(refuseRepeated('markdown', 'html'))
      .example('$0 compare reports/main reports/branch', 'What a branch changes')
      .example('$0 compare reports/main reports/branch --html changes.html', 'The same as a page, with both ladders')
      .epilogue('Ends with 1 if anything is worse: regressed, failing differently, newly failing, or gone.'),
  handler: ({ before, after, markdown, html }) => {
    const [earlier, later] = [loadResults(before), loadResults(after)];
    const comparison = compareRuns(earlier.results, later.results);
    process.stdout.write(`${comparisonLines(comparison).join('\n')}\n`);
    if (markdown !== undefined) writeNamedFile(markdown, writeMarkdownComparison(comparison));
    if (html !== undefined) writeComparisonPage(html, [later, earlier], comparison);
    if (worsening.some((change) => comparison.counts[change] > 0)) process.exitCode = exitCodes.red;
  },
};

/** The later run first: it is the one that is asked about. */
const writeComparisonPage = (file: string, runs: readonly ResultsFile[], comparison: Comparison): void => {
  const placed = runs.map(({ file: from, results }) => ({
    report: { results, gate: gateOf(results, strictly(results.run.began.slice(0, 'yyyy-mm-dd'.length))) },
    directory: dirname(from),
  }));
  const unwritten = writePage(file, placed, pageCatalogue([], process.cwd()), { comparison });
  if (unwritten !== undefined) throw new UsageError([unwritten]);
};
