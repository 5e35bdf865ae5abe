/**
 * `robe lint`: checks case and requirement files. It runs only cases that suspend a rule, to check that the suspension is
 * needed.
 */
import type { CommandModule } from 'yargs';
import { readCatalogueFiles } from '../../conduct/catalogue-files.js';
import { exitCodes } from '../../gate/exit-code.js';
import { embeddedSubjects } from '../../iut/embedded-subject.js';
import { settingsOf } from '../../iut/settings.js';
import { needlessSuspensions } from '../../run/suspensions.js';
import { uncomposable } from '../../run/uncomposable.js';
import { loadCatalogue } from '../../suite/catalogue/catalogue.js';
import { lintCoverage } from '../../suite/catalogue/lint-coverage.js';
import { purposeless } from '../../suite/catalogue/lint-purpose.js';
import { compareProblems, printProblem } from '../../suite/catalogue/problem.js';
import { counted } from '../../suite/verdict/counted.js';
import { strangeParameterValues } from '../lint/parameter-values.js';
import { folded } from '../output/fold.js';

interface LintArguments {
  readonly files?: readonly string[] | undefined;
}

export const command: CommandModule<object, LintArguments> = {
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
    const { catalogue, problems } = loadCatalogue(readCatalogueFiles(files, process.cwd()));
    const all = [
      ...problems,
      ...lintCoverage(catalogue, catalogue.cases, { strict: false }),
      ...purposeless(catalogue.cases),
      ...strangeParameterValues(catalogue.cases),
      ...uncomposable(catalogue.cases, { ...settingsOf({}), seed: 'lint' }),
      ...needlessSuspensions(catalogue.cases, embeddedSubjects()),
    ].sort(compareProblems);
    const lines = [...new Set(all.map(printProblem))];
    for (const line of lines) process.stdout.write(`${folded(line, process.stdout)}\n`);
    const authored = new Set(catalogue.cases.map(({ authoredId }) => authoredId)).size;
    const read = `${counted(authored, 'case')}, ${catalogue.cases.length} expanded, ${counted(catalogue.requirements.size, 'requirement')}`;
    process.stderr.write(`${read}: ${lines.length === 0 ? 'no problem' : counted(lines.length, 'problem')}\n`);
    if (lines.length > 0) process.exitCode = exitCodes.usage;
  },
};
