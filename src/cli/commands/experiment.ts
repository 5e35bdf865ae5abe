/** `robe experiment robustness|page-load|laws`: repeats the experiments of the paper and checks its equations. */
import type { Argv, CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { compareLaws, type LawsReport, usualSets } from '../../explore/experiments/laws.js';
import { lossyParts } from '../../explore/experiments/lossy-part.js';
import { measurePageLoads, usualPageProfiles, usualSamples } from '../../explore/experiments/page-load.js';
import { connectionUses } from '../../explore/experiments/page-visit.js';
import { measureRobustness, type RobustnessReport, usualProfiles } from '../../explore/experiments/robustness.js';
import { exitCodes } from '../../gate/exit-code.js';
import { ControlError } from '../../iut/control/shim-control.js';
import { LabError } from '../../net/lab/command.js';
import type { Campaign } from '../campaign/campaign.js';
import { conductCampaign } from '../campaign/conduct-campaign.js';
import { type PartArguments, withPart } from '../campaign/part-options.js';
import { conductExperiment, type Experiment, type Steps } from '../experiment/conduct-experiment.js';
import { deliverReport, type Outputs, outputOptions } from '../experiment/deliver-report.js';
import { lawsCampaign, pageLoadCampaign, robustnessCampaign } from '../experiment/experiment-campaign.js';
import { type ExperimentReport, formsOf } from '../experiment/experiment-forms.js';
import {
  type LawsArguments,
  type LiveArguments,
  lawsRequest,
  liveRobustnessRequests,
  type PageLoadArguments,
  pageLoadRequest,
  type RobustnessArguments,
  refuseLiveOptions,
  robustnessRequest,
} from '../experiment/experiment-request.js';
import { liveLawProfiles, measureLawsLive } from '../experiment/live/live-laws.js';
import { measureLive } from '../experiment/live/live-robustness.js';
import { RelayError } from '../experiment/live/relay-process.js';
import { runRelay } from '../experiment/live/run-relay.js';
import { shardOf } from '../gate/shard-options.js';
import { refuseRepeated } from '../once.js';
import { lineSink } from '../output/line-sink.js';
import { describeTerminal } from '../terminal.js';

const seed = {
  type: 'string',
  requiresArg: true,
  default: '1',
  describe: 'Determines which segments are lost, and when',
} as const;

const live = {
  type: 'boolean',
  default: false,
  describe:
    'Also live on this machine, in namespaces; `linux` is the kernel, `linux-sim` and `linux-timer` are races of its sockets',
} as const;

/** Options of an experiment that is run as a whole, with a file for each output, or as a campaign in a directory, possibly in parts. */
const withKeeping = <T>(yargs: Argv<T>): Argv<T & PartArguments> =>
  withPart(yargs).conflicts('shard', ['csv', 'plot', 'html']).conflicts('out', ['csv', 'plot', 'html']);

/** Handshakes of each set and profile for the laws live. */
const liveHandshakes = 7;

const robustness: CommandModule<object, RobustnessArguments & LiveArguments & Outputs & PartArguments> = {
  command: 'robustness',
  describe: 'Time from connect to accept against loss on the default path (figure 8)',
  builder: (yargs) =>
    withKeeping(yargs)
      .option('profile', {
        type: 'string',
        array: true,
        describe: `The client, with a server of its kind, e.g. ${usualProfiles.slice(0, 2).join(',')}, robe-sim+sim.rst=immediate; default all, live linux,linux-sim,linux-timer,robe-downgrade,robe-esim`,
      })
      .option('loss', {
        type: 'string',
        requiresArg: true,
        describe: 'Per cents: 0,10,50 or FROM-TO/STEP; default 0-100/5, live 0,20,40',
      })
      .option('connections', {
        type: 'number',
        requiresArg: true,
        describe: 'Connections a point; default 10000, live 20',
      })
      .option('rtt', {
        type: 'string',
        requiresArg: true,
        default: '20,20',
        describe: "Round trip times of the paths in ms, the default path's first",
      })
      .option('lossy', {
        choices: lossyParts,
        default: 'to-server' as const,
        describe: 'What the default path loses',
      })
      .option('live', live)
      .option('patience', {
        type: 'number',
        requiresArg: true,
        describe: 'Live: seconds after which a connection counts as never accepted; default 10',
      })
      .option('rate', { type: 'number', requiresArg: true, describe: 'Live: Mbit/s of every path' })
      .option('reordering', {
        type: 'number',
        requiresArg: true,
        describe: 'Live: per cent of frames on the default path that others overtake',
      })
      .option('seed', seed)
      .options(outputOptions)
      .check(
        refuseRepeated(
          'loss',
          'connections',
          'rtt',
          'lossy',
          'patience',
          'rate',
          'reordering',
          'seed',
          'csv',
          'plot',
          'html',
        ),
      )
      .example('$0 experiment robustness', 'Every scheme at 21 points of loss')
      .example('$0 experiment robustness --profile mptcp,robe-timer --lossy both', 'Loss in both directions')
      .example('$0 experiment robustness --live --loss 0,30', 'The kernel and the reference on wires, too')
      .example('$0 experiment robustness --plot figure-8.svg --csv figure-8.csv', 'The figure and its numbers'),
  handler: async (given) => {
    const both = given.live ? liveRobustnessRequests(given) : undefined;
    if (!given.live) refuseLiveOptions(given);
    const request = both?.simulated ?? robustnessRequest(given);
    if (await conductedAsCampaign(() => robustnessCampaign(request), given)) return;
    const profiles = request.profiles.length + (both?.live.profiles.length ?? 0);
    const steps = { total: profiles * request.losses.length, name: 'points' };
    const begin = (stop: AbortSignal): Experiment<RobustnessReport> =>
      both === undefined ? measureRobustness(request) : measureBoth(both, stop);
    await conduct(begin, steps, given);
  },
};

const pageLoad: CommandModule<object, PageLoadArguments & Outputs & PartArguments> = {
  command: 'page-load',
  describe: 'Time to load pages with the slower link as the default path (figure 9)',
  builder: (yargs) =>
    withKeeping(yargs)
      .option('profile', {
        type: 'string',
        array: true,
        default: usualPageProfiles,
        describe: 'The client; the others are compared with the first',
      })
      .option('page', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Only this page; several times for several',
      })
      .option('pages', {
        type: 'string',
        requiresArg: true,
        describe: 'A file of page profiles in place of the bundled ones',
      })
      .option('samples', {
        type: 'number',
        requiresArg: true,
        default: usualSamples,
        describe: 'Visits of each page with each profile',
      })
      .option('connections', {
        choices: connectionUses,
        default: 'short' as const,
        describe: 'A connection for each object, or for one object after another',
      })
      .option('rate', { type: 'number', requiresArg: true, default: 10, describe: 'Mbit/s of each link' })
      .option('seed', seed)
      .options(outputOptions)
      .check(refuseRepeated('pages', 'samples', 'connections', 'rate', 'seed', 'csv', 'plot', 'html'))
      .example('$0 experiment page-load', 'Ten pages, 30 visits each')
      .example('$0 experiment page-load --page median-page --samples 5', 'One page, quickly')
      .example('$0 experiment page-load --connections persistent', 'Connections that fetch one object after another')
      .example('$0 experiment page-load --rate 1000', 'Links that are no bottleneck: only round trips count')
      .example(
        '$0 experiment page-load --shard 2/8 --out parts/2',
        'One of eight jobs; `robe merge parts` merges them',
      ),
  handler: async (given) => {
    const request = pageLoadRequest(given);
    if (await conductedAsCampaign(() => pageLoadCampaign(request), given)) return;
    const steps = { total: request.profiles.length * request.pages.length * request.samples, name: 'visits' };
    await conduct(() => measurePageLoads(request), steps, given);
  },
};

const laws: CommandModule<object, LawsArguments & Pick<LiveArguments, 'live'> & Outputs & PartArguments> = {
  command: 'laws',
  describe: 'Equations 1 to 9: as printed, by packets, simulated, live',
  builder: (yargs) =>
    withKeeping(yargs)
      .option('rtt', {
        type: 'string',
        array: true,
        default: usualSets.map((set) => set.join(',')),
        describe: "Round trip times of the paths in ms, the default path's first; several sets",
      })
      .option('live', live)
      .option('seed', seed)
      .options(outputOptions)
      .check(refuseRepeated('seed', 'csv', 'plot', 'html'))
      .example('$0 experiment laws', 'The sets of the paper and others')
      .example('$0 experiment laws --rtt 40,20 --rtt 80,20,40', 'Sets of your own'),
  handler: async (given) => {
    const request = lawsRequest(given);
    if (await conductedAsCampaign(() => lawsCampaign(request), given)) return;
    const total = given.live ? request.sets.length * liveLawProfiles.size : 1;
    const compare = async function* (stop: AbortSignal): AsyncGenerator<number, LawsReport> {
      return compareLaws(request, given.live ? yield* measureLawsLive(request, liveHandshakes, stop) : undefined);
    };
    await conduct(compare, { total, name: given.live ? 'sets' : 'comparisons' }, given);
  },
};

/** Simulates first, which takes a second, then measures live. */
async function* measureBoth(
  { simulated, live: request }: ReturnType<typeof liveRobustnessRequests>,
  stop: AbortSignal,
): AsyncGenerator<number, RobustnessReport> {
  const report = yield* measureRobustness(simulated);
  const before = simulated.profiles.length * simulated.losses.length;
  const measuring = measureLive(request, stop);
  try {
    for (;;) {
      const step = await measuring.next();
      if (step.done === true) return { ...report, series: [...step.value, ...report.series] };
      yield before + step.value;
    }
  } finally {
    await measuring.return([]);
  }
}

/** Started by live experiments inside their middle namespace; not for users. */
const relay: CommandModule = {
  command: 'relay',
  describe: false,
  handler: runRelay,
};

export const command: CommandModule = {
  builder: (yargs: Argv) =>
    yargs
      .command(robustness)
      .command(pageLoad)
      .command(laws)
      .command(relay)
      .demandCommand(1, 'name an experiment: robustness, page-load or laws'),
  handler: () => {},
};

/** Runs an experiment, or a part of it, as a campaign that writes to a directory; false if none is named. */
const conductedAsCampaign = async <Row>(
  campaign: () => Campaign<Row>,
  given: PartArguments & Outputs & { readonly live?: boolean },
): Promise<boolean> => {
  const shard = shardOf(given, process.env);
  if (shard === undefined && given.out === undefined) return false;
  if (given.live === true)
    throw new UsageError(['--shard and --out are for simulated experiments: live results differ each time']);
  process.exitCode = await conductCampaign(campaign(), { shard, out: given.out, json: given.json });
  return true;
};

/** Runs an experiment and writes its report; an interrupted experiment writes none. */
const conduct = async <Report extends ExperimentReport>(
  begin: (stop: AbortSignal) => Experiment<Report>,
  steps: Steps,
  outputs: Outputs,
): Promise<void> => {
  let report: Report | undefined;
  try {
    report = await conductExperiment(begin, steps, describeTerminal(process.stderr, process.env));
  } catch (cause) {
    if (!(cause instanceof LabError || cause instanceof ControlError || cause instanceof RelayError)) throw cause;
    process.stderr.write(`robe experiment: ${cause.message}\n${cause instanceof LabError ? `${cause.remedy}\n` : ''}`);
    process.exitCode = exitCodes.error;
    return;
  }
  if (report === undefined) {
    process.stderr.write('interrupted\n');
    process.exitCode = exitCodes.interrupted;
    return;
  }
  const sink = lineSink(process.stdout);
  try {
    await deliverReport(formsOf(report), outputs, describeTerminal(process.stdout, process.env).columns, sink);
  } finally {
    await sink.end();
  }
};
