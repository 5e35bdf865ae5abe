/** `robe experiment robustness|page-load|laws`: the experiments and equations of the paper as runnable figures. */
import type { Argv, CommandModule } from 'yargs';
import { lawsCsv, pageLoadCsv, robustnessCsv } from '../../explore/experiments/csv.js';
import { compareLaws, type LawsReport, usualSets } from '../../explore/experiments/laws.js';
import { lawsFigure } from '../../explore/experiments/laws-figure.js';
import { measurePageLoads, usualPageProfiles, usualSamples } from '../../explore/experiments/page-load.js';
import { pageLoadFigure } from '../../explore/experiments/page-load-figure.js';
import { lossyParts, measureRobustness, usualProfiles } from '../../explore/experiments/robustness.js';
import { robustnessFigure } from '../../explore/experiments/robustness-figure.js';
import { exitCodes } from '../../gate/exit-code.js';
import { conductExperiment, type Experiment, type Steps } from '../experiment/conduct-experiment.js';
import { deliverReport, type Forms, type Outputs, outputOptions } from '../experiment/deliver-report.js';
import { lawsLines, pageLoadLines, robustnessLines } from '../experiment/experiment-lines.js';
import {
  type LawsArguments,
  lawsRequest,
  type PageLoadArguments,
  pageLoadRequest,
  type RobustnessArguments,
  robustnessRequest,
} from '../experiment/experiment-request.js';
import { refuseRepeated } from '../once.js';
import { lineSink } from '../output/line-sink.js';
import { describeTerminal } from '../terminal.js';

const seed = { type: 'string', requiresArg: true, default: '1', describe: 'Decides what is lost and when' } as const;

const usualConnections = 10_000;

const robustness: CommandModule<object, RobustnessArguments & Outputs> = {
  command: 'robustness',
  describe: 'Time from connect to accept against loss on the default path (figure 8)',
  builder: (yargs) =>
    yargs
      .option('profile', {
        type: 'string',
        array: true,
        default: usualProfiles,
        describe: 'What connects, to a server of its kind; several, or a list; settings as robe-sim+sim.rst=immediate',
      })
      .option('loss', {
        type: 'string',
        requiresArg: true,
        default: '0-100/5',
        describe: 'Per cents: 0,10,50 or FROM-TO/STEP',
      })
      .option('connections', {
        type: 'number',
        requiresArg: true,
        default: usualConnections,
        describe: 'Connections a point',
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
      .option('seed', seed)
      .options(outputOptions)
      .check(refuseRepeated('loss', 'connections', 'rtt', 'lossy', 'seed', 'csv', 'plot', 'html'))
      .example('$0 experiment robustness', 'Every scheme at 21 points of loss')
      .example('$0 experiment robustness --profile mptcp,robe-timer --lossy both', 'Loss in both directions')
      .example('$0 experiment robustness --plot figure-8.svg --csv figure-8.csv', 'The figure and its numbers'),
  handler: async (given) => {
    const request = robustnessRequest(given);
    const steps = { total: request.profiles.length * request.losses.length, name: 'points' };
    await conduct(measureRobustness(request), steps, given, (report) => ({
      title: 'Robustness of connection establishment',
      report,
      lines: (columns) => robustnessLines(report, columns),
      csv: () => robustnessCsv(report),
      figure: () => robustnessFigure(report),
    }));
  },
};

const pageLoad: CommandModule<object, PageLoadArguments & Outputs> = {
  command: 'page-load',
  describe: 'Time to load pages with the slower link as the default path (figure 9)',
  builder: (yargs) =>
    yargs
      .option('profile', {
        type: 'string',
        array: true,
        default: usualPageProfiles,
        describe: 'What connects; the first is what the others are compared with',
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
        describe: 'A file of page profiles in place of those that come with the program',
      })
      .option('samples', {
        type: 'number',
        requiresArg: true,
        default: usualSamples,
        describe: 'Visits of each page with each profile',
      })
      .option('seed', seed)
      .options(outputOptions)
      .check(refuseRepeated('pages', 'samples', 'seed', 'csv', 'plot', 'html'))
      .example('$0 experiment page-load', 'Ten pages, 30 visits each')
      .example('$0 experiment page-load --page median-page --samples 5', 'One page, quickly'),
  handler: async (given) => {
    const request = pageLoadRequest(given);
    const steps = { total: request.profiles.length * request.pages.length * request.samples, name: 'visits' };
    await conduct(measurePageLoads(request), steps, given, (report) => ({
      title: 'Time to load a page',
      report,
      lines: (columns) => pageLoadLines(report, columns),
      csv: () => pageLoadCsv(report),
      figure: () => pageLoadFigure(report),
    }));
  },
};

const laws: CommandModule<object, LawsArguments & Outputs> = {
  command: 'laws',
  describe: 'Equations 1 to 9: as printed, by packets, simulated',
  builder: (yargs) =>
    yargs
      .option('rtt', {
        type: 'string',
        array: true,
        default: usualSets.map((set) => set.join(',')),
        describe: "Round trip times of the paths in ms, the default path's first; several sets",
      })
      .option('seed', seed)
      .options(outputOptions)
      .check(refuseRepeated('seed', 'csv', 'plot', 'html'))
      .example('$0 experiment laws', 'The sets of the paper and others')
      .example('$0 experiment laws --rtt 40,20 --rtt 80,20,40', 'Sets of your own'),
  handler: async (given) => {
    const request = lawsRequest(given);
    const compare = function* (): Generator<number, LawsReport> {
      yield 0;
      return compareLaws(request);
    };
    await conduct(compare(), { total: 1, name: 'comparisons' }, given, (report) => ({
      title: 'The laws of establishment',
      report,
      lines: (columns) => lawsLines(report, columns),
      csv: () => lawsCsv(report),
      figure: () => lawsFigure(report),
    }));
  },
};

export const experimentCommand: CommandModule = {
  command: 'experiment',
  describe: "Repeat the paper's experiments: robustness, page-load, laws",
  builder: (yargs: Argv) =>
    yargs
      .command(robustness)
      .command(pageLoad)
      .command(laws)
      .demandCommand(1, 'name an experiment: robustness, page-load or laws'),
  handler: () => {},
};

/** Runs an experiment and puts out what it gives; an interrupted one gives nothing. */
const conduct = async <Report>(
  experiment: Experiment<Report>,
  steps: Steps,
  outputs: Outputs,
  formsOf: (report: Report) => Forms,
): Promise<void> => {
  const report = await conductExperiment(experiment, steps, describeTerminal(process.stderr, process.env));
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
