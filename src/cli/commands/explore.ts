/**
 * `robe explore`: tries every order of arrival between a client and a server of the reference, and reports violated
 * invariants.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import { UnknownEnd } from '../../explore/end-name.js';
import { boundsOf, Exploration, pairOf } from '../../explore/exploration.js';
import { replay, violationsOf } from '../../explore/replay.js';
import { type ExploreRequest, readState, scheduleShape } from '../../explore/state-file.js';
import { World } from '../../explore/world.js';
import { exitCodes } from '../../gate/exit-code.js';
import { describePacket } from '../../protocol/wire/describe.js';
import { conductExploration } from '../explore/conduct-exploration.js';
import { reportLines, subjectLine } from '../explore/explore-lines.js';
import { type ExploreArguments, exploreRequest, mostStatesOf, usual } from '../explore/explore-request.js';
import { refuseRepeated } from '../once.js';
import { type LineSink, lineSink } from '../output/line-sink.js';
import { writeNamedFile } from '../output/write-file.js';
import { describeTerminal } from '../terminal.js';

/** Options that determine a search; a state file and a kept schedule contain them. */
const deciding = [
  'profile',
  'peer',
  'version',
  'paths',
  'losses',
  'duplicates',
  'dead',
  'waits',
  'early',
  'expiries',
  'talk',
  'talk-late',
  'strict',
  'random',
  'seed',
  'shard',
] as const;

const number = { type: 'number', requiresArg: true } as const;
const text = { type: 'string', requiresArg: true } as const;

const builder = (yargs: Argv<object>): Argv<ExploreArguments> =>
  yargs
    .version(false)
    .positional('profile', {
      type: 'string',
      describe:
        'The client, and also the server unless --peer names another: a profile of the reference, robe-sim+sim.rst=immediate, or mutant:ID',
    })
    .option('peer', {
      ...text,
      describe: 'The server, if of another kind; a mutant with a defect of a client becomes the client',
    })
    .option('version', {
      ...number,
      describe: 'MPTCP version of both; default 0 for robe-downgrade and robe-bbm, else 1',
    })
    .option('paths', { ...number, defaultDescription: `${usual.paths}`, describe: 'Paths between them, up to 4' })
    .option('losses', {
      ...number,
      defaultDescription: `${usual.losses}`,
      describe: 'Segments that may be lost in one schedule',
    })
    .option('duplicates', {
      ...number,
      defaultDescription: `${usual.duplicates}`,
      describe: 'Segments that may arrive twice in one schedule',
    })
    .option('dead', {
      ...number,
      defaultDescription: '0',
      describe: 'Paths that may be dead from the connect on; at least one path works',
    })
    .option('waits', {
      ...number,
      describe:
        "Expiries of the client's timers while segments are under way, before the first answer; default one less than paths for robe-timer, else 0",
    })
    .option('early', {
      ...number,
      defaultDescription: '0',
      describe: "Further expiries of either end's timers while segments are under way",
    })
    .option('expiries', {
      ...number,
      defaultDescription: `${usual.expiries}`,
      describe:
        'Expiries of timers while no segment is under way, after a loss or on dead paths; schedules that need more are counted, not judged',
    })
    .option('talk', {
      type: 'boolean',
      describe: 'The client sends data as soon as it is connected, so that data is reordered as well',
    })
    .option('talk-late', {
      type: 'boolean',
      describe: 'The client sends data as soon as a flow of every path is confirmed',
    })
    .option('strict', {
      type: 'boolean',
      describe:
        'Check all invariants for every scheme, without the exceptions that the sources grant: shows what classic MPTCP cannot do',
    })
    .option('random', {
      ...number,
      describe: 'Number of random schedules to try instead of all: for bounds that are too wide',
    })
    .option('shard', {
      ...text,
      describe: 'One part of the search, as 2/8, or auto[/8] in a CI job: the schedules of all parts add up',
    })
    .option('seed', {
      ...text,
      defaultDescription: usual.seed,
      describe: 'Determines keys, numbers and random schedules',
    })
    .option('most-states', {
      ...number,
      defaultDescription: `${usual.mostStates}`,
      describe: 'Stop after this many states and write a state file to resume from',
    })
    .option('out', {
      ...text,
      defaultDescription: usual.out,
      describe: 'Directory for violations and for the state of a search that was stopped',
    })
    .option('resume', { ...text, describe: 'Continue a search that was stopped: its state file' })
    .option('replay', { ...text, describe: 'Repeat the schedule of a violation, move by move' })
    .option('json', { type: 'boolean', describe: 'The report as one JSON object' })
    .conflicts('resume', ['replay', ...deciding])
    .conflicts('replay', [...deciding, 'most-states', 'out', 'json'])
    .check(refuseRepeated(...deciding, 'most-states', 'out', 'resume', 'replay'))
    .example('$0 explore robe-downgrade', 'The 20 orders of two paths')
    .example('$0 explore robe-esim --losses 1 --duplicates 1', 'One loss and one duplicate anywhere')
    .example('$0 explore robe-bbm --paths 3', 'Three paths')
    .example('$0 explore robe-timer --dead 1', 'Either path dead for good')
    .example('$0 explore mptcp --dead 1 --strict', 'Classic MPTCP on a dead default path')
    .example('$0 explore robe-downgrade --peer mutant:second-flow-reset', 'A broken server')
    .example(
      '$0 explore robe-sim --paths 3 --losses 6 --random 100000 --shard 1/2',
      'Random schedules, where the whole search is too large',
    )
    .example('$0 explore --replay reports/explore/violation-1.json', 'Repeat a violation, segment by segment');

export const command: CommandModule<object, ExploreArguments> = {
  builder,
  handler: async (given) => {
    const lines = lineSink(process.stdout);
    try {
      if (given.replay !== undefined) await repeat(given.replay, lines);
      else await explore(given, lines);
    } catch (cause) {
      if (cause instanceof UnknownEnd) throw new UsageError([cause.message]);
      throw cause;
    } finally {
      await lines.end();
    }
  },
};

const explore = async (given: ExploreArguments, lines: LineSink): Promise<void> => {
  const { json = false, out = usual.out } = given;
  const most = mostStatesOf(given);
  const exploration =
    given.resume === undefined ? new Exploration(exploreRequest(given, process.env)) : resumed(given.resume);
  const { request, pair } = exploration;
  const tell = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const subject = { client: pair.client.name, server: pair.server.name, version: pair.version, request };
  tell(`exploring ${subjectLine(subject)}`);
  const ending = await conductExploration(
    exploration,
    exploration.states + most,
    describeTerminal(process.stderr, process.env),
  );
  const report = exploration.report();
  if (json) await lines.write(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) await lines.write(line);
  if (report.violations.length > 0) {
    makeDirectory(out);
    // To run cases takes half of the program, which most searches do without.
    const { keepViolation } = await import('../explore/kept-violations.js');
    for (const [index, violation] of report.violations.entries()) {
      for (const line of keepViolation(out, request, violation, index + 1)) tell(line);
    }
    process.exitCode = exitCodes.red;
  }
  if (ending === 'finished') return;
  makeDirectory(out);
  const file = join(out, 'state.json');
  writeNamedFile(file, `${JSON.stringify(exploration.save())}\n`);
  tell(
    `${ending === 'interrupted' ? 'interrupted' : 'stopped by --most-states'}; continue with: robe explore --resume ${file}`,
  );
  process.exitCode = ending === 'interrupted' ? exitCodes.interrupted : exitCodes.incomplete;
};

const readNamed = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError([`${file} cannot be read: ${reason(cause)}`]);
  }
};

const makeDirectory = (directory: string): void => {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new UsageError([`${directory} cannot be made: ${reason(cause)}; name another directory with --out`]);
  }
};

const resumed = (file: string): Exploration => {
  try {
    const saved = readState(readNamed(file));
    return new Exploration(saved.request, saved);
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof RangeError) {
      throw new UsageError([`${file} cannot be resumed: ${cause.message}`]);
    }
    throw cause;
  }
};

/** Prints the moves of a schedule, the segments sent in answer, and the violations. */
const repeat = async (file: string, lines: LineSink): Promise<void> => {
  let value: unknown;
  try {
    value = JSON.parse(readNamed(file));
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError([`${file} is no JSON: ${reason(cause)}`]);
  }
  const kept = scheduleShape.safeParse(value);
  if (!kept.success) {
    const [issue] = kept.error.issues;
    throw new UsageError([`${file} is no schedule of robe explore: ${issue?.path.join('.')} ${issue?.message}`]);
  }
  const request: ExploreRequest = kept.data.request;
  const replayed = replay(new World(pairOf(request), boundsOf(request)), kept.data.schedule);
  for (const { name, sent, move, state, violations } of replayed.moves) {
    await lines.write(name);
    for (const frame of sent) {
      await lines.write(
        `    ${move.lost.includes(frame) || state.dead.includes(frame.path) ? 'lost ' : ''}${frame.letters}  ${describePacket(frame.packet)}`,
      );
    }
    for (const { invariant, what } of violations) await lines.write(`  ${invariant}  ${what}`);
  }
  for (const { invariant, what } of replayed.after) await lines.write(`  afterwards ${invariant}  ${what}`);
  if (replayed.impossible !== undefined) {
    throw new UsageError([`${file}: "${replayed.impossible}" is not possible here; the schedule is of another robe`]);
  }
  if (violationsOf(replayed).length === 0) await lines.write('nothing is violated');
  else process.exitCode = exitCodes.red;
};
