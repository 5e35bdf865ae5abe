/**
 * `robe coverage`: prints which sentences and requirements cases ask or rules watch, and which are open or not visible.
 */
import type { CommandModule } from 'yargs';
import { readCatalogue } from '../../conduct/load-catalogue.js';
import { exitCodes } from '../../gate/exit-code.js';
import { measureCoverage } from '../../suite/catalogue/coverage.js';
import { lintCoverage } from '../../suite/catalogue/lint-coverage.js';
import { compareProblems, printProblem } from '../../suite/catalogue/problem.js';
import { measureSentences } from '../../suite/catalogue/sentence-coverage.js';
import { watchingRules } from '../../suite/catalogue/watching-rules.js';
import { coverageJson } from '../coverage/coverage-json.js';
import { coverageLines } from '../coverage/coverage-lines.js';
import { lineSink } from '../output/line-sink.js';

interface CoverageArguments {
  readonly json: boolean;
  readonly details: boolean;
  readonly strict: boolean;
  readonly cases: readonly string[];
}

export const command: CommandModule<object, CoverageArguments> = {
  builder: (yargs) =>
    yargs
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .option('details', {
        type: 'boolean',
        default: false,
        describe: 'List requirement by case and case by requirement',
      })
      .option('strict', {
        type: 'boolean',
        default: false,
        describe:
          'Report as problems: a sentence that no requirement reads, a requirement that no case asks and no rule watches, and one that is not tested in every role and version that it binds',
      })
      .option('cases', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Directories or files with cases instead of the bundled ones',
      })
      .example('$0 coverage', 'Totals, tables, open and not visible requirements')
      .example('$0 coverage --json', 'The same for programs')
      .example('$0 coverage --strict', 'A line for each gap; exit code 2 if there is one'),
  handler: async ({ json, details, strict, cases }) => {
    const { catalogue, problems: unreadable } = readCatalogue(cases, process.cwd());
    const linted = lintCoverage(catalogue, catalogue.cases, { strict }, watchingRules);
    const problems = [...unreadable, ...linted].sort(compareProblems);
    const coverage = measureCoverage(catalogue, catalogue.cases, watchingRules);
    const sentences = measureSentences(catalogue.sentences, coverage.byRequirement);
    const lines = lineSink(process.stdout);
    if (json) await lines.write(coverageJson(coverage, sentences, problems));
    else for (const line of coverageLines(coverage, sentences, { details })) await lines.write(line);
    await lines.end();
    for (const problem of problems) process.stderr.write(`${printProblem(problem)}\n`);
    if (problems.length > 0) process.exitCode = exitCodes.usage;
  },
};
