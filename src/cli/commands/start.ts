/**
 * `robe start`: the main job. Judges by the whole catalogue every implementation that this machine offers: always the
 * embedded reference; in a lab, if the privilege allows, the reference as a process and the machine's own kernel. Prints
 * one summary.
 */
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { reason } from '../../conduct/failure.js';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { files } from '../../conduct/run-directory.js';
import { type ExitCode, exitCodes, gravest } from '../../gate/exit-code.js';
import { gateOf, strictly } from '../../gate/gate.js';
import { writeIndex } from '../../report/html/index-page.js';
import type { RunReport } from '../../report/reported-test.js';
import { meaning, tell } from '../../report/summary.js';
import { likelyWait } from '../../run/patience.js';
import { everything } from '../../suite/catalogue/selection.js';
import type { Results } from '../../suite/verdict/results.js';
import { type Availability, availabilityOf, type Thing } from '../doctor/examination.js';
import { examineMachine } from '../doctor/probes.js';
import { dayOf } from '../gate/gate-options.js';
import { tellKnownFindings } from '../known-findings.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';
import { exitCodeFor } from '../run/exit-code-for.js';
import { markLatest } from '../run/mark-latest.js';
import { performRun } from '../run/perform-run.js';
import { newSeed, usualDirectory } from './run.js';

interface StartArguments {
  readonly out?: string | undefined;
  readonly seed?: string | undefined;
  readonly jobs: number;
}

const usualJobs = 256;

/** Other stacks that happen to be installed are judged only on request. */
const judgedHere: readonly Availability['iut'][] = ['embedded', 'lab:reference', 'lab:linux'];

/** The outcome of one implementation. */
type Outcome =
  | { readonly iut: string; readonly skipped: string }
  | {
      readonly iut: string;
      readonly results: Results;
      readonly report: RunReport;
      readonly directory: string;
      readonly exit: ExitCode;
    };

export const command: CommandModule<object, StartArguments> = {
  builder: (yargs) =>
    yargs
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Directory for results; default reports/<time>-start',
      })
      .option('seed', { type: 'string', requiresArg: true, describe: 'Seed that repeats the runs; default: a new one' })
      .option('jobs', {
        type: 'number',
        default: usualJobs,
        requiresArg: true,
        describe: 'Cases at once on live links',
      })
      .check(refuseRepeated('out', 'seed', 'jobs'))
      .example('$0 start', 'Embedded always, live if the privilege allows'),
  handler: async (given) => {
    const things = await examineMachine();
    const out = given.out ?? usualDirectory('start', new Date());
    const seed = given.seed ?? newSeed();
    const outcomes: Outcome[] = [];
    for (const availability of availabilityOf(things).filter(({ iut }) => judgedHere.includes(iut))) {
      const outcome = await judge(availability, things, { out, seed, jobs: given.jobs });
      outcomes.push(outcome);
      if ('exit' in outcome && outcome.exit === exitCodes.interrupted) break;
    }
    const index = keepIndex(out, outcomes);
    process.stdout.write(`\n${folded([...summarise(outcomes), ...index].join('\n'), process.stdout)}\n`);
    process.exitCode = gravest(outcomes.map(decisive));
  },
};

const judge = async (
  { iut, available, lacks }: Availability,
  things: readonly Thing[],
  { out, seed, jobs }: { readonly out: string; readonly seed: string; readonly jobs: number },
): Promise<Outcome> => {
  if (!available) return { iut, skipped: explainLack(things.filter(({ id }) => lacks.includes(id))) };
  const exclude = iut === 'embedded' ? [] : waitingLong();
  if (exclude.length > 0)
    process.stdout.write(
      `\nLeft out here: ${exclude.length} cases that are likely to wait longer than ${longWait / 1_000_000_000n} s; \`robe run --iut ${iut}\` judges them as well.\n`,
    );
  const { results, report, directory, unwritten } = await performRun(
    {
      iut,
      selection: { ...everything, exclude },
      catalogue: [],
      seed,
      jobs,
      shuffle: false,
      confirm: 0,
      out: join(out, iut.replace(':', '-')),
      command: ['robe', 'run', '--iut', iut, '--seed', seed],
    },
    { json: false },
    (run) => ({ results: run, gate: gateOf(run, strictly(dayOf(undefined, new Date()))) }),
  );
  return { iut, results, report, directory, exit: exitCodeFor(results, unwritten) };
};

/** In real time a case that waits for a minute would delay a run that is meant as an overview. */
const longWait = 15_000_000_000n;

const waitingLong = (): readonly string[] =>
  loadSoundCatalogue([], process.cwd())
    .cases.filter(({ steps }) => likelyWait(steps) > longWait)
    .map(({ id }) => id);

/** A deviation of the machine's kernel is a finding about the kernel, not a failure of this run. */
const decisive = (outcome: Outcome): ExitCode => {
  if (!('exit' in outcome)) return exitCodes.holds;
  return outcome.iut === 'lab:linux' && outcome.exit === exitCodes.red ? exitCodes.holds : outcome.exit;
};

/** The missing things and their remedies. */
const explainLack = (missing: readonly Thing[]): string =>
  missing.map(({ found, remedy }) => (remedy === undefined ? found : `${found} (${remedy})`)).join('; ');

/** The note about the machine's kernel; it names the document that explains the known findings. */
const kernelNote =
  'This is the kernel of this machine. Its deviations are findings about it, not failures of this run: docs/findings-linux.md explains the known ones.';

const noteOf = (outcome: Outcome): string | undefined =>
  'skipped' in outcome ? outcome.skipped : outcome.iut === 'lab:linux' ? kernelNote : undefined;

/** Writes `index.html` over the runs; gives a line that says where, or why there is none. */
const keepIndex = (out: string, outcomes: readonly Outcome[]): readonly string[] => {
  const page = writeIndex(
    'RobE conformance on this machine',
    outcomes.map((outcome) => ({
      name: outcome.iut,
      note: noteOf(outcome),
      ...('exit' in outcome
        ? { run: { report: outcome.report, href: `${relative(out, outcome.directory)}/${files.page}` } }
        : {}),
    })),
  );
  const file = join(out, 'index.html');
  try {
    writeFileSync(file, page);
    markLatest(out);
    return [`All of them: ${file}`];
  } catch (cause) {
    return [`${file} cannot be written: ${reason(cause)}`];
  }
};

const summarise = (outcomes: readonly Outcome[]): readonly string[] => {
  const width = Math.max(...outcomes.map(({ iut }) => iut.length));
  return outcomes.flatMap((outcome) =>
    'skipped' in outcome
      ? [`${outcome.iut.padEnd(width)}  skipped: ${outcome.skipped}`]
      : [
          `${outcome.iut.padEnd(width)}  ${tell(outcome.results.totals)}`,
          `${''.padEnd(width)}  ${meaning(outcome.results)} ${outcome.directory}/results.json`,
          ...(outcome.iut === 'lab:linux' ? [kernelNote, ...tellKnownFindings(outcome.results.cases)] : []).map(
            (line) => `${''.padEnd(width)}  ${line}`,
          ),
        ],
  );
};
