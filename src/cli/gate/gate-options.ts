/** The options by which `run`, `report` and `merge` gate, and by which they write reports. */
import { writeFileSync } from 'node:fs';
import type { Argv } from 'yargs';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import type { Baseline } from '../../gate/baseline.js';
import type { KnownCase } from '../../gate/entry-scope.js';
import { type ExitCode, exitCodes, gravest } from '../../gate/exit-code.js';
import { type GatedCase, type GateRules, gateOf } from '../../gate/gate.js';
import { gateSentence } from '../../gate/sentence.js';
import { type GateLevel, standingOf } from '../../gate/standing.js';
import { printable } from '../../protocol/bytes/printable.js';
import { type FollowedRun, followThroughMocha, reportThroughMocha } from '../../report/mocha-suite.js';
import { fromCase, nameTest, type RunReport, reportedTests } from '../../report/reported-test.js';
import { type WriterName, writers } from '../../report/writers.js';
import type { CaseResult, Results } from '../../suite/verdict/results.js';
import { refuseRepeated } from '../once.js';
import type { RunFollower } from '../run/perform-run.js';
import { knownCases, loadBaseline } from './baseline-file.js';
import { loadMocha } from './mocha-reporter.js';

export type ReportArguments = { readonly [name in WriterName]?: string | undefined };

export interface GateArguments extends ReportArguments {
  readonly baseline?: readonly string[] | undefined;
  readonly gate: GateLevel;
  readonly 'max-inconclusive': number;
  readonly 'allow-fixed': boolean;
  readonly 'expect-all': boolean;
  readonly today?: string | undefined;
  readonly 'mocha-reporter'?: string | undefined;
  readonly 'mocha-option'?: readonly string[] | undefined;
}

const writerNames = Object.keys(writers) as readonly WriterName[];

/** Adds the options; `cases` (places of the catalogue) stays with the command that has it. */
export const withGate = <T>(yargs: Argv<T>): Argv<T & GateArguments> => {
  const gated = yargs
    .option('baseline', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: 'File of known deviations; once for each implementation',
    })
    .option('gate', {
      choices: ['must', 'should'] as const,
      default: 'must' as const,
      requiresArg: true,
      describe: 'should: missing a SHOULD is red as well',
    })
    .option('max-inconclusive', {
      type: 'number',
      default: 0,
      requiresArg: true,
      describe: 'Number of inconclusive cases that the gate tolerates',
    })
    .option('allow-fixed', { type: 'boolean', default: false, describe: 'Unexpected passes are not red' })
    .option('expect-all', {
      type: 'boolean',
      default: false,
      describe: 'Cases that do not apply are red',
    })
    .option('today', {
      type: 'string',
      requiresArg: true,
      describe: 'Today for the expiry of entries, e.g. 2027-03-01; default: the date in UTC',
    })
    .option('mocha-reporter', {
      type: 'string',
      requiresArg: true,
      describe: 'Also report the run through this reporter of Mocha',
    })
    .option('mocha-option', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: 'Option of that reporter, e.g. output=FILE',
    })
    .check(refuseRepeated('gate', 'max-inconclusive', 'today', 'mocha-reporter'))
    .check(({ today, 'max-inconclusive': budget }) => {
      if (!Number.isInteger(budget) || budget < 0)
        throw new UsageError([`--max-inconclusive must be a whole number from 0, got ${budget}`]);
      if (today !== undefined && !isDay(today))
        throw new UsageError([`--today must be a day as 2027-03-01, got ${today}`]);
      return true;
    });
  return writerNames
    .reduce<Argv>(
      (all, name) =>
        all.option(name, { type: 'string', requiresArg: true, describe: `Write ${writers[name].describe}` }),
      gated as Argv,
    )
    .check(refuseRepeated(...writerNames)) as Argv<T & GateArguments>;
};

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

export const dayOf = (today: string | undefined, now: Date): string => today ?? now.toISOString().slice(0, 10);

/** Where the cases are that a baseline speaks of: as the run was told. */
export interface CatalogueArguments {
  readonly cases?: readonly string[] | undefined;
}

export const withCases = <T>(yargs: Argv<T>): Argv<T & CatalogueArguments> =>
  yargs.option('cases', {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: 'Directory or file with cases instead of the bundled ones, as for the run',
  });

/** What is left to do when the results are there. */
export interface PreparedGate {
  /** `catalogue` where it is at hand already; otherwise it is read if a baseline needs it. */
  judge(results: Results, catalogue?: readonly KnownCase[]): RunReport;
  /** Where a reporter of Mocha was asked for: lets it follow the run. Red ones are final at once without `confirm`. */
  follow(confirm: number): RunFollower | undefined;
  /** Writes what was asked for and tells the gate's sentence; the exit code is the command's. */
  conclude(report: RunReport, tell: (line: string) => void): Promise<ExitCode>;
}

/** Reads the baselines, so that a run does not begin with one that is broken. Throws a UsageError. */
export const prepareGate = async (
  given: GateArguments,
  places: readonly string[],
  workingDirectory: string,
): Promise<PreparedGate> => {
  const mocha = await loadMocha(given);
  const baselines: readonly Baseline[] = (given.baseline ?? []).map((file) => loadBaseline(file).baseline);
  const today = dayOf(given.today, new Date());
  let followed: FollowedRun | undefined;
  return {
    follow: (confirm) =>
      mocha === undefined
        ? undefined
        : {
            begins: (planned) => {
              const tests = planned.map(({ subject, id }) => nameTest({ subject, id }));
              followed = followThroughMocha(mocha.library, tests, mocha.style);
            },
            judged: (result) => {
              const final = baselines.length === 0 && (confirm === 0 || result.verdict === 'pass');
              if (final) followed?.judged(fromCase(gateAlone(result, given, today)));
            },
          },
    judge: (results, catalogue) => {
      // Without a baseline nothing asks which cases there are.
      const known = baselines.length === 0 ? undefined : (catalogue ?? knownCases(results, places, workingDirectory));
      return { results, gate: gateOf(results, rulesFor(given, baselines, today, known)) };
    },
    conclude: async (report, tell) => {
      for (const { file, line, column, sentence } of report.gate.entries)
        tell(`${file}:${line}:${column}: ${sentence}`);
      const failures = writeReports(given, report);
      if (followed !== undefined) await followed.finish(reportedTests(report));
      else if (mocha !== undefined) await reportThroughMocha(mocha.library, report, mocha.style);
      for (const failure of failures) tell(failure);
      tell(printable(gateSentence(report.gate)));
      return gravest([report.gate.exit, ...failures.map(() => exitCodes.error)]);
    },
  };
};

/** What a result means without a baseline: it does not depend on the other results. */
const gateAlone = (result: CaseResult, given: GateArguments, today: string): GatedCase => {
  const expectation = { entry: undefined, baselined: false, level: given.gate, today, expectAll: given['expect-all'] };
  return { result, standing: standingOf(result, expectation), red: true };
};

const rulesFor = (
  given: GateArguments,
  baselines: readonly Baseline[],
  today: string,
  catalogue: readonly KnownCase[] | undefined,
): GateRules => ({
  baselines,
  today,
  level: given.gate,
  inconclusiveBudget: given['max-inconclusive'],
  allowFixed: given['allow-fixed'],
  expectAll: given['expect-all'],
  ...(catalogue === undefined ? {} : { catalogue }),
});

/** Writes each report that was asked for; what could not be written comes back as sentences. */
const writeReports = (given: ReportArguments, report: RunReport): readonly string[] => {
  return writerNames.flatMap((name) => {
    const file = given[name];
    if (file === undefined) return [];
    const text = writers[name].write(report);
    try {
      if (file === '-') process.stdout.write(text);
      // GitHub gives one summary file to all commands of a step.
      else writeFileSync(file, text, { flag: name === 'github-summary' ? 'a' : 'w' });
      return [];
    } catch (cause) {
      return [`--${name}: ${file} cannot be written: ${reason(cause)}`];
    }
  });
};
