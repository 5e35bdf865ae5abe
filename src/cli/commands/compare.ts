/**
 * `robe compare BEFORE AFTER`: prints what changed between two runs, on the terminal, as Markdown, and as HTML; with
 * `--matrix` the requirements that each of several implementations keeps and breaks.
 */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { files } from '../../conduct/run-directory.js';
import { UsageError } from '../../conduct/usage-error.js';
import { type Comparison, compareRuns, worsening } from '../../gate/compare.js';
import { exitCodes } from '../../gate/exit-code.js';
import { gateOf, strictly } from '../../gate/gate.js';
import { type MatrixColumn, matrixOf } from '../../gate/matrix.js';
import { comparisonLines } from '../../report/comparison-lines.js';
import { writeMatrixPage } from '../../report/html/matrix-page.js';
import { writeMarkdownComparison } from '../../report/markdown-comparison.js';
import { writeMarkdownMatrix } from '../../report/markdown-matrix.js';
import { matrixLines } from '../../report/matrix-text.js';
import { loadResults, type ResultsFile } from '../gate/results-file.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';
import { writeNamedFile } from '../output/write-file.js';
import { pageCatalogue } from '../report/page-input.js';
import { writePage } from '../report/write-page.js';

interface CompareArguments {
  readonly runs: readonly string[];
  readonly matrix: boolean;
  readonly markdown?: string | undefined;
  readonly html?: string | undefined;
}

export const command: CommandModule<object, CompareArguments> = {
  builder: (yargs) =>
    yargs
      .positional('runs', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'results.json or directory of the earlier run, then of the later one; with --matrix of any number of runs',
      })
      .option('matrix', {
        type: 'boolean',
        default: false,
        describe: 'Implementations side by side, by topic and requirement: only requirements in which they differ',
      })
      .option('markdown', { type: 'string', requiresArg: true, describe: 'Also write it as Markdown' })
      .option('html', { type: 'string', requiresArg: true, describe: 'Also write both runs side by side as HTML' })
      .check(refuseRepeated('markdown', 'html'))
      .example('$0 compare reports/main reports/branch', 'The changes of a branch')
      .example('$0 compare reports/main reports/branch --html changes.html', 'The same as a page, with both ladders')
      .example(
        '$0 compare --matrix reports/6.1 reports/6.12 --html matrix.html',
        'Two kernels, requirement by requirement',
      )
      .epilogue(
        'Ends with 1 if anything is worse: regressed, failing differently, newly failing, or gone. With --matrix always with 0.',
      ),
  handler: ({ runs, matrix, markdown, html }) => {
    if (matrix) {
      writeMatrix(runs.map(loadResults), { markdown, html });
      return;
    }
    const [before, after, ...more] = runs;
    if (before === undefined || after === undefined || more.length > 0)
      throw new UsageError([`compare takes two runs, got ${runs.length}; --matrix takes any number`]);
    const [earlier, later] = [loadResults(before), loadResults(after)];
    const comparison = compareRuns(earlier.results, later.results);
    process.stdout.write(`${folded(comparisonLines(comparison).join('\n'), process.stdout)}\n`);
    if (markdown !== undefined) writeNamedFile(markdown, writeMarkdownComparison(comparison));
    if (html !== undefined) writeComparisonPage(html, [later, earlier], comparison);
    if (worsening.some((change) => comparison.counts[change] > 0)) process.exitCode = exitCodes.red;
  },
};

/** The later run comes first: its changes are of interest. */
const writeComparisonPage = (file: string, runs: readonly ResultsFile[], comparison: Comparison): void => {
  const placed = runs.map(({ file: from, results }) => ({
    report: { results, gate: gateOf(results, strictly(results.run.began.slice(0, 'yyyy-mm-dd'.length))) },
    directory: dirname(from),
  }));
  const unwritten = writePage(file, placed, pageCatalogue([], process.cwd()), { comparison });
  if (unwritten !== undefined) throw new UsageError([unwritten]);
};

/**
 * Writes the matrix to the terminal, and to the files that were requested. Links lead to the reports beside the results.
 */
const writeMatrix = (
  runs: readonly ResultsFile[],
  { markdown, html }: Pick<CompareArguments, 'markdown' | 'html'>,
): void => {
  const { requirements } = pageCatalogue([], process.cwd()) ?? { requirements: new Map() };
  const matrix = matrixOf(
    runs.map(({ results }) => results),
    requirements,
  );
  if (markdown !== undefined) writeNamedFile(markdown, writeMarkdownMatrix(matrix));
  if (html !== undefined) {
    const pageOf = (column: MatrixColumn): string | undefined => {
      const own = runs.find(({ results }) => results === column.results);
      const page = own === undefined ? undefined : join(dirname(own.file), files.page);
      return page !== undefined && existsSync(page) ? relative(dirname(html), page) : undefined;
    };
    writeNamedFile(html, writeMatrixPage(matrix, pageOf));
  }
  process.stdout.write(`${matrixLines(matrix).join('\n')}\n`);
};
