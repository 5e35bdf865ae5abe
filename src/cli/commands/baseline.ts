/** `robe baseline`: checks, updates, prunes and explains the file of known deviations. */
import { existsSync } from 'node:fs';
import type { Argv, CommandModule } from 'yargs';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { emptyBaseline } from '../../gate/baseline-edit.js';
import { lintBaseline } from '../../gate/baseline-lint.js';
import { pruneBaseline, type Update, updateBaseline, usuallySettled } from '../../gate/baseline-update.js';
import { versionOf } from '../../gate/entry-scope.js';
import { exitCodes } from '../../gate/exit-code.js';
import { explainCase } from '../../gate/explain.js';
import { gateOf, strictly } from '../../gate/gate.js';
import { type Settleable, settleable, type UpdateRules } from '../../gate/update-pen.js';
import { printable } from '../../protocol/bytes/printable.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { printProblem } from '../../suite/catalogue/problem.js';
import { counted } from '../../suite/verdict/counted.js';
import { toolVersion } from '../environment.js';
import { schemaComment } from '../file-schemas.js';
import { type BaselineFile, knownCases, loadBaseline, soundBaseline } from '../gate/baseline-file.js';
import { type CatalogueArguments, dayOf, withCases } from '../gate/gate-options.js';
import { loadResults, type ResultsFile } from '../gate/results-file.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';
import { writeNamedFile } from '../output/write-file.js';

const say = (line: string): void => void process.stdout.write(`${folded(printable(line), process.stdout)}\n`);

interface FileArguments extends CatalogueArguments {
  readonly file: string;
}

const withFile = (yargs: Argv<object>): Argv<FileArguments> =>
  withCases(yargs).positional('file', { type: 'string', demandOption: true, describe: 'The baseline' });

const checkCommand: CommandModule<object, FileArguments> = {
  command: 'check <file>',
  describe: 'Check a baseline against the catalogue, without a run',
  builder: withFile,
  handler: ({ file, cases }) => {
    const { baseline } = loadBaseline(file);
    const catalogue = loadSoundCatalogue(cases ?? [], process.cwd()).cases;
    const problems = lintBaseline(baseline, { catalogue, version: toolVersion(), today: dayOf(undefined, new Date()) });
    for (const problem of problems) say(printProblem(problem));
    if (problems.length > 0) process.exitCode = exitCodes.usage;
    else say(`${file}: ${counted(baseline.entries.length, 'entry', 'entries')} for ${baseline.iut}, all sound`);
  },
};

interface SettleArguments extends FileArguments {
  readonly from: string;
  readonly 'dry-run': boolean;
}

const withResults = (yargs: Argv<object>): Argv<SettleArguments> =>
  withFile(yargs)
    .option('from', {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'results.json or directory of the run',
    })
    .option('dry-run', { type: 'boolean', default: false, describe: 'Print the changes, write nothing' })
    .check(refuseRepeated('from'));

interface UpdateArguments extends SettleArguments {
  readonly only?: readonly Settleable[] | undefined;
  readonly reason?: string | undefined;
  readonly issue?: string | undefined;
}

const updateCommand: CommandModule<object, UpdateArguments> = {
  command: 'update <file>',
  describe: 'Bring a baseline in line with a run; creates the file if there is none',
  builder: (yargs) =>
    withResults(yargs)
      .option('only', {
        array: true,
        requiresArg: true,
        choices: settleable,
        describe: 'Change only entries of these kinds',
      })
      .option('reason', { type: 'string', requiresArg: true, describe: 'The reason, for new entries' })
      .option('issue', { type: 'string', requiresArg: true, describe: 'The issue, for new entries' })
      .check(refuseRepeated('reason', 'issue'))
      .example('$0 baseline update baseline.yaml --from reports/mine --only fixed', 'Remove entries of fixed cases')
      .example(
        '$0 baseline update baseline.yaml --from reports/mine --reason "not implemented"',
        'Add entries for new deviations',
      ),
  handler: (given) => {
    const run = loadResults(given.from);
    const opened = existsSync(given.file) ? loadBaseline(given.file) : beginBaseline(given.file, run);
    const rules: UpdateRules = {
      ...rulesFor(run, given),
      only: given.only ?? usuallySettled,
      ...(given.reason === undefined ? {} : { reason: given.reason }),
      ...(given.issue === undefined ? {} : { issue: given.issue }),
    };
    settle(given, opened, updateBaseline(opened.text, opened.baseline, run.results, rules));
  },
};

const pruneCommand: CommandModule<object, SettleArguments> = {
  command: 'prune <file>',
  describe: 'Remove entries that no result needs any more',
  builder: withResults,
  handler: (given) => {
    const run = loadResults(given.from);
    const opened = loadBaseline(given.file);
    settle(
      given,
      opened,
      pruneBaseline(opened.text, opened.baseline, run.results, { ...rulesFor(run, given), only: [] }),
    );
  },
};

interface ExplainArguments extends CatalogueArguments {
  readonly case: string;
  readonly baseline: string;
  readonly from?: string | undefined;
}

const explainCommand: CommandModule<object, ExplainArguments> = {
  command: 'explain <case>',
  describe: 'Print what a baseline expects of a case, why, and the result',
  builder: (yargs) =>
    withCases(yargs)
      .positional('case', { type: 'string', demandOption: true, describe: 'Id of the case' })
      .option('baseline', { type: 'string', demandOption: true, requiresArg: true, describe: 'The baseline' })
      .option('from', { type: 'string', requiresArg: true, describe: 'results.json or directory of a run' })
      .check(refuseRepeated('baseline', 'from')),
  handler: (given) => {
    const { baseline } = loadBaseline(given.baseline);
    const run = given.from === undefined ? undefined : loadResults(given.from);
    const known =
      run === undefined
        ? loadSoundCatalogue(given.cases ?? [], process.cwd()).cases
        : knownCases(run.results, given.cases ?? [], process.cwd());
    const each = known.find(({ id }) => id === given.case);
    if (each === undefined)
      throw new UsageError([
        `there is no case ${given.case}${didYouMean(
          given.case,
          known.map(({ id }) => id),
        )}`,
      ]);
    const rules = { ...strictly(dayOf(undefined, new Date())), baselines: [baseline], catalogue: known };
    for (const line of explainCase(baseline, each, run === undefined ? undefined : gateOf(run.results, rules)))
      say(line);
  },
};

export const command: CommandModule = {
  builder: (yargs) =>
    yargs
      .command(checkCommand)
      .command(updateCommand)
      .command(pruneCommand)
      .command(explainCommand)
      .demandCommand(1, 'name an action: check, update, prune or explain'),
  handler: () => {},
};

const rulesFor = (
  { results }: ResultsFile,
  { cases }: CatalogueArguments,
): Pick<UpdateRules, 'today' | 'level' | 'catalogue'> => ({
  today: dayOf(undefined, new Date()),
  level: 'must',
  catalogue: knownCases(results, cases ?? [], process.cwd()),
});

/** A new file is for the one implementation that was judged. */
const beginBaseline = (file: string, { results }: ResultsFile): BaselineFile => {
  const names = results.subjects.map(({ name }) => name);
  const [iut] = names;
  if (iut === undefined || names.length > 1)
    throw new UsageError([
      `${file} does not exist, and the run judged ${names.join(', ')}: run one of them to begin its baseline`,
    ]);
  const text = emptyBaseline(iut, versionOf(results.run.tool), schemaComment('baseline', file));
  return { text, baseline: soundBaseline(file, text) };
};

/** Prints the changes and the entries left, and writes the file if anything changed. Exit code 1 if entries are left. */
const settle = ({ file, 'dry-run': dry }: SettleArguments, opened: BaselineFile, update: Update): void => {
  // The written text must be readable again: otherwise the fault is ours.
  soundBaseline(file, update.text);
  for (const line of update.done) say(`${dry ? 'would: ' : ''}${line}`);
  for (const line of update.refused) say(`left: ${line}`);
  if (update.done.length === 0) say(`${file}: nothing to change`);
  else if (!dry && (update.text !== opened.text || !existsSync(file))) writeNamedFile(file, update.text);
  if (update.refused.length > 0) process.exitCode = exitCodes.red;
};
