/** `robe run`: judges an implementation by the selected cases. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { isRed } from '../../conduct/record-case.js';
import { recordingOf } from '../../conduct/recorded-subject.js';
import { subjectsOf } from '../../conduct/subjects-of.js';
import { UsageError } from '../../conduct/usage-error.js';
import { type ExitCode, exitCodes, gravest } from '../../gate/exit-code.js';
import type { KeptEvidence } from '../../report/read-evidence.js';
import { meansId, type Selection } from '../../suite/catalogue/selection.js';
import { type GateArguments, prepareGate, withGate } from '../gate/gate-options.js';
import { loadResults } from '../gate/results-file.js';
import { type ShardArguments, shardOf, withShard } from '../gate/shard-options.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';
import { type BisectExit, bisectExitFor, bisectExits } from '../run/bisect-exit.js';
import { keepJudging } from '../run/keep-judging.js';
import { performRun } from '../run/perform-run.js';
import { placesOf, type SelectionArguments, selectionOf, withSelection } from '../selection-options.js';
import { latestRun } from '../show/find-evidence.js';

export interface RunArguments extends SelectionArguments, GateArguments, ShardArguments {
  readonly iut: string;
  readonly out?: string | undefined;
  readonly seed?: string | undefined;
  readonly jobs: number;
  readonly shuffle: boolean;
  readonly exhaustive: boolean;
  readonly confirm: number;
  readonly json: boolean;
  readonly watch: boolean;
  readonly bisect: boolean;
  readonly 'keep-evidence': boolean;
  readonly 'last-failed': boolean;
}

const usualJobs = 256;
const mostConfirmations = 100;

const builder = (yargs: Argv<object>): Argv<RunArguments> =>
  withShard(withGate(withSelection(yargs)))
    .option('iut', {
      type: 'string',
      default: 'embedded',
      requiresArg: true,
      describe:
        'Implementation to judge: embedded[:PROFILE], lab:linux, lab:reference[:PROFILE], lab:gvisor, lab:lwip, lab:passt, lab:slirp4netns, vm:KERNEL, mock:EVIDENCE, or an IUT file',
    })
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'Directory for results; default reports/<time>-<iut>',
    })
    .option('seed', {
      type: 'string',
      requiresArg: true,
      describe:
        'Repeats a run octet by octet, on a host that stays up except for ports and addresses; default: a new one',
    })
    .option('jobs', { type: 'number', default: usualJobs, requiresArg: true, describe: 'Cases at once on live links' })
    .option('shuffle', {
      type: 'boolean',
      default: false,
      describe: 'Begin the cases in a random order, determined by the seed',
    })
    .option('exhaustive', {
      type: 'boolean',
      default: false,
      describe:
        'If there are several implementations, judge each case on all to which it applies, not only on the first',
    })
    .option('confirm', {
      type: 'number',
      default: 0,
      requiresArg: true,
      describe:
        'Run failed and inconclusive cases this many times more, to distinguish stable from flaky; flaky is red',
    })
    .option('keep-evidence', {
      type: 'boolean',
      default: false,
      describe: 'Keep the evidence of every case, not only of red ones',
    })
    .option('last-failed', {
      type: 'boolean',
      default: false,
      describe: 'Of the selected cases, run only those that were red in the latest run below reports/',
    })
    .option('watch', {
      type: 'boolean',
      default: false,
      describe: 'Run again whenever the files with the cases change, until Ctrl-C',
    })
    .option('bisect', {
      type: 'boolean',
      default: false,
      describe: 'Exit codes for git bisect run: 0 good, 1 bad, 125 cannot be tested, 128 abort',
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print results.json instead of the summary' })
    .check(refuseRepeated('iut', 'out', 'seed', 'jobs', 'confirm'))
    .check(({ jobs, confirm, bisect, watch }) => {
      if (bisect && watch)
        throw new UsageError(['--bisect asks for one verdict, --watch for many; choose one of them']);
      if (!Number.isInteger(jobs) || jobs < 1)
        throw new UsageError([`--jobs must be a whole number from 1, got ${jobs}`]);
      if (!Number.isInteger(confirm) || confirm < 0 || confirm > mostConfirmations)
        throw new UsageError([`--confirm must be a whole number from 0 to ${mostConfirmations}, got ${confirm}`]);
      return true;
    })
    .example('$0 run', 'Judge every profile of the embedded reference')
    .example('$0 run robe-downgrade.server --iut embedded:robe-downgrade', 'One topic, one profile')
    .example('$0 run ./my-case.yaml --watch', 'Judge a case at every save, while you write it')
    .example('$0 run --iut lab:linux --profile mptcp-v1', "This machine's kernel in a lab (needs privilege)")
    .example(
      '$0 run --iut vm:debian-6.12',
      'Another kernel, in a virtual machine; vm:~/linux takes one from its build tree',
    )
    .example('$0 run --iut my-stack.yaml --last-failed', 'Run the red cases of the latest run again')
    .example('$0 run --iut lab:linux --baseline linux.yaml --junit junit.xml', 'As a CI job')
    .example('$0 run --iut my-stack.yaml --confirm 2', 'A case that is red three times is stable, otherwise flaky')
    .example('$0 run --iut my-stack.yaml --shard 2/8 --out shards/2', 'One of eight jobs')
    .example('$0 run --iut my-stack.yaml --seed 7 --out reports/mine', 'An implementation of your own');

export const command: CommandModule<object, RunArguments> = {
  builder,
  handler: async (given) => {
    const recording = recordingFor(given);
    const seed = given.seed ?? recording?.plan.seed ?? newSeed();
    const out = given.out ?? usualDirectory(given.iut, new Date());
    if (given.bisect) process.exitCode = await judgeForBisect(() => judge(given, seed, out));
    else if (!given.watch) process.exitCode = await judge(given, seed, out);
    else process.exitCode = await keepJudging([...watchedPlaces(given)], () => judge(given, seed, out));
  },
};

/** A wrong command is reported as usual, and ends the bisection. */
const judgeForBisect = async (run: () => Promise<ExitCode>): Promise<BisectExit> => {
  try {
    return bisectExitFor(await run());
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    for (const line of cause.lines) process.stderr.write(`robe: ${line}\n`);
    return bisectExits.abort;
  }
};

/** The recording of a mock, which can answer only its own case and seed. Throws a UsageError for other requests. */
const recordingFor = ({ iut, seed, confirm }: RunArguments): KeptEvidence | undefined => {
  const recording = recordingOf(iut);
  if (recording === undefined) return undefined;
  const { seed: recorded } = recording.plan;
  if (seed !== undefined && seed !== recorded)
    throw new UsageError([
      `${iut} answers only a tester with the recorded seed: leave --seed out, or give --seed ${recorded}`,
    ]);
  if (confirm > 0)
    throw new UsageError([`${iut} is a recording: every attempt gives the same verdict, so --confirm is useless`]);
  return recording;
};

/** The selection; for a recording without one, its case. */
const selectionFor = (given: RunArguments): Selection => {
  const selection = selectionOf(given);
  const recording = recordingOf(given.iut);
  return recording === undefined || selection.select.length > 0
    ? selection
    : { ...selection, select: [recording.plan.case.id] };
};

/** The selected cases that were red in the latest run. Throws a UsageError if there is no run, or none was red. */
const lastFailed = (selection: Selection): Selection => {
  const run = latestRun();
  if (run === undefined) throw new UsageError(['--last-failed needs a run below reports/, and there is none']);
  const { file, results } = loadResults(run);
  const red = [...new Set(results.cases.filter(isRed).map(({ id }) => id))];
  const wanted =
    selection.select.length === 0 ? red : red.filter((id) => selection.select.some((pattern) => meansId(pattern, id)));
  if (wanted.length === 0)
    throw new UsageError([`${file} has no red case${selection.select.length === 0 ? '' : ' of those selected'}`]);
  return { ...selection, select: wanted };
};

/** One run and its gate. */
const judge = async (given: RunArguments, seed: string, out: string): Promise<ExitCode> => {
  const { iut, json } = given;
  const catalogue = placesOf(given);
  if (json && given['mocha-reporter'] !== undefined)
    throw new UsageError(['--json and --mocha-reporter both write to standard output; choose one of them']);
  const gate = await prepareGate(given, catalogue, process.cwd());
  const { report, unwritten } = await performRun(
    {
      iut,
      selection: given['last-failed'] ? lastFailed(selectionFor(given)) : selectionFor(given),
      keepAll: given['keep-evidence'],
      shard: shardOf(given, process.env),
      catalogue,
      seed,
      jobs: given.jobs,
      shuffle: given.shuffle,
      exhaustive: given.exhaustive,
      confirm: given.confirm,
      out,
      command: process.argv.slice(1).map((word, index) => (index === 0 ? 'robe' : word)),
    },
    { json, follower: gate.follow(given.confirm) },
    (results) => gate.judge(results),
  );
  const exit = await gate.conclude(report, (line) => process.stderr.write(`${folded(line, process.stderr)}\n`));
  return gravest([
    given.shard === undefined ? exit : ofPart(exit),
    ...(unwritten === undefined ? [] : [exitCodes.error]),
  ]);
};

/** A completed part is a success, whatever it found: the merge is the gate. */
const ofPart = (exit: ExitCode): ExitCode =>
  exit === exitCodes.red || exit === exitCodes.inconclusive ? exitCodes.holds : exit;

/** The files to watch: cases, or a declaration. Throws a UsageError if there are none. */
const watchedPlaces = (given: RunArguments): readonly string[] => {
  const declared = /\.ya?ml$/.test(given.iut);
  // Do not wait for a save if no save can remove the error.
  if (!declared) subjectsOf(given.iut);
  const places = [...placesOf(given), ...(declared ? [given.iut] : [])];
  if (places.length === 0)
    throw new UsageError(['--watch needs a file to watch: robe run ./my-case.yaml --watch, or --cases DIRECTORY']);
  return places;
};

export const newSeed = (): string => randomBytes(4).toString('hex');

/** `reports/20260102-030405-lab-linux`, in UTC. */
export const usualDirectory = (iut: string, now: Date): string => {
  const time = now
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '-');
  const name = iut
    .replace(/^.*\//, '')
    .replace(/\.ya?ml$/, '')
    .replaceAll(/[^A-Za-z0-9._-]/g, '-');
  return join('reports', `${time}-${name}`);
};
