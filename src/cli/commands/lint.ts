/** `robe lint`: checks case and requirement files without running anything. */
import type { CommandModule } from 'yargs';
import { exitCodes } from '../../gate/exit-code.js';
import { loadCatalogue } from '../../suite/catalogue/catalogue.js';
import { lintCoverage } from '../../suite/catalogue/coverage.js';
import { compareProblems, printProblem } from '../../suite/catalogue/problem.js';
import { CatalogueFileError, readCatalogueFiles } from '../catalogue-files.js';
import { UsageError } from '../usage-error.js';

interface LintArguments {
  readonly files?: readonly string[] | undefined;
}

export const lintCommand: CommandModule<object, LintArguments> = {
  command: 'lint [files..]',
  describe: 'Check case files: every problem with file, line and column',
  builder: (yargs) =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        describe: 'Directories or files; none: the bundled catalogue',
      })
      .example('$0 lint', 'The bundled catalogue')
      .example('$0 lint my-cases/', 'Cases of your own'),
  handler: ({ files = [] }) => {
    const { catalogue, problems } = loadCatalogue(read(files));
    const all = [...problems, ...lintCoverage(catalogue, catalogue.cases, { strict: false })].sort(compareProblems);
    const lines = [...new Set(all.map(printProblem))];
    for (const line of lines) process.stdout.write(`${line}\n`);
    const authored = new Set(catalogue.cases.map(({ authoredId }) => authoredId)).size;
    const counted = `${authored} cases, ${catalogue.cases.length} expanded, ${catalogue.requirements.size} requirements`;
    process.stderr.write(`${counted}: ${lines.length === 0 ? 'no problem' : `${lines.length} problems`}\n`);
    if (lines.length > 0) process.exitCode = exitCodes.usage;
  },
};

const read = (files: readonly string[]) => {
  try {
    return readCatalogueFiles(files, process.cwd());
  } catch (cause) {
    if (cause instanceof CatalogueFileError) throw new UsageError([cause.message]);
    throw cause;
  }
};
