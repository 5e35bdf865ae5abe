/** `robe coverage`: which cases stand on which requirements, both ways, and what is deliberately not tested. */
import type { CommandModule } from 'yargs';
import { readCatalogueFiles } from '../../conduct/catalogue-files.js';
import { exitCodes } from '../../gate/exit-code.js';
import { loadCatalogue } from '../../suite/catalogue/catalogue.js';
import { lintCoverage, measureCoverage } from '../../suite/catalogue/coverage.js';
import { compareProblems, printProblem } from '../../suite/catalogue/problem.js';
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
        describe: 'A testable requirement without case, or a case that cites only the other role, is a problem',
      })
      .option('cases', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Directories or files with cases instead of the bundled ones',
      })
      .example('$0 coverage', 'Totals, tables, what is open, what is excused')
      .example('$0 coverage --json', 'The same for programs'),
  handler: async ({ json, details, strict, cases }) => {
    const { catalogue, problems: unreadable } = loadCatalogue(readCatalogueFiles(cases, process.cwd()));
    const problems = [...unreadable, ...lintCoverage(catalogue, catalogue.cases, { strict })].sort(compareProblems);
    const coverage = measureCoverage(catalogue, catalogue.cases);
    const lines = lineSink(process.stdout);
    if (json) await lines.write(coverageJson(coverage, problems));
    else for (const line of coverageLines(coverage, { details })) await lines.write(line);
    await lines.end();
    for (const problem of problems) process.stderr.write(`${printProblem(problem)}\n`);
    if (problems.length > 0) process.exitCode = exitCodes.usage;
  },
};
