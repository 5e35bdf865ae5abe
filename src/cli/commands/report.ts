/**
 * `robe report RESULTS…`: gates finished runs and writes their reports from results.json. The HTML report also shows the
 * evidence beside results.json, and can show several runs side by side.
 */
import { dirname } from 'node:path';
import type { CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import type { BaselineEntry } from '../../gate/baseline.js';
import { type ExitCode, exitCodes, gravest } from '../../gate/exit-code.js';
import type { GatedCase } from '../../gate/gate.js';
import { printable } from '../../protocol/bytes/printable.js';
import type { ReportedCrossCheck } from '../../report/html/report-input.js';
import { type WriterName, writers } from '../../report/writers.js';
import { counted } from '../../suite/verdict/counted.js';
import { type CheckedFiles, crossCheckExit, crossCheckFiles, crossCheckLines } from '../decode/cross-check-files.js';
import { readExperiment } from '../experiment/read-experiment.js';
import { type CatalogueArguments, type GateArguments, prepareGate, withCases, withGate } from '../gate/gate-options.js';
import { loadResults } from '../gate/results-file.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';
import { evidenceCaptures } from '../report/evidence-captures.js';
import { pageCatalogue, quotedFrom } from '../report/page-input.js';
import { writePage } from '../report/write-page.js';

interface ReportCommandArguments extends GateArguments, CatalogueArguments {
  readonly results: readonly string[];
  readonly html?: string | undefined;
  readonly experiments?: readonly string[] | undefined;
  readonly 'cross-check': boolean;
}

export const command: CommandModule<object, ReportCommandArguments> = {
  builder: (yargs) =>
    withGate(
      withCases(
        yargs
          .positional('results', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'results.json, or the directory of a run; several only for --html',
          })
          .option('html', {
            type: 'string',
            requiresArg: true,
            describe: 'Write the HTML report; several runs are put side by side',
          })
          .option('experiments', {
            type: 'string',
            array: true,
            requiresArg: true,
            implies: 'html',
            describe: 'Figures for the HTML report: output of `robe experiment … --json`',
          })
          .option('cross-check', {
            type: 'boolean',
            default: false,
            describe: 'Figures for the HTML report: compare the captures of the run with tshark',
          })
          .check(refuseRepeated('html'))
          .check((given) => {
            if (given['cross-check'] && given.html === undefined) throw new Error('--cross-check needs --html');
            return true;
          }),
      ),
    )
      .example('$0 report reports/mine --junit junit.xml --tap results.tap', 'Two formats of one run')
      .example('$0 report reports/mine --html mine.html', 'Write the HTML page again')
      .example('$0 report reports/linux reports/mine --html both.html', 'Two implementations side by side')
      .example(
        '$0 report reports/mine --html mine.html --experiments robustness.json laws.json',
        "With the paper's experiments in it",
      )
      .example('$0 report reports/mine --html mine.html --cross-check', 'Compared with tshark')
      .example('$0 report reports/mine --baseline baseline.yaml', 'Compare with the known deviations')
      .example(
        '$0 report reports/mine --github-annotations - --github-summary "$GITHUB_STEP_SUMMARY"',
        'In a GitHub job',
      )
      .epilogue(
        'Exit codes are those of the gate: 0 it holds, 1 red, 2 usage, 3 errors, 4 inconclusive, 5 incomplete.\n' +
          'With --cross-check also 3 if tshark is missing, fails, or disagrees: then a decoder is wrong.',
      ),
  handler: async (given) => {
    refuseSingleFormats(given);
    const experiments = (given.experiments ?? []).map(readExperiment);
    const places = given.cases ?? [];
    const gate = await prepareGate(given, places, process.cwd());
    const catalogue = pageCatalogue(places, process.cwd());
    const tell = (line: string): void => void process.stderr.write(`${folded(line, process.stderr)}\n`);
    const placed = given.results.map((place) => {
      const { file, results } = loadResults(place);
      return { report: { ...gate.judge(results), ...quotedFrom(catalogue) }, directory: dirname(file) };
    });
    const exits: ExitCode[] = [];
    for (const { report } of placed) {
      for (const line of tellKnown(report.gate.cases)) tell(line);
      exits.push(await gate.conclude(report, tell));
    }
    if (given.html !== undefined) {
      const checked = given['cross-check'] ? await crossCheckFiles(evidenceCaptures(placed)) : undefined;
      if (checked !== undefined) exits.push(tellCrossCheck(checked, tell));
      const failure = writePage(given.html, placed, catalogue, {
        experiments,
        crossCheck: checked && reportedCrossCheck(checked),
      });
      if (failure !== undefined) {
        tell(`--html: ${failure}`);
        exits.push(exitCodes.error);
      }
    }
    process.exitCode = gravest(exits);
  },
};

/** A line for each entry of the baseline that explains a result: the deviation, the number of cases, and the reason. */
const tellKnown = (cases: readonly GatedCase[]): readonly string[] => {
  const known = new Map<BaselineEntry, number>();
  for (const { standing, entry } of cases)
    if (standing === 'known' && entry !== undefined) known.set(entry, (known.get(entry) ?? 0) + 1);
  return [...known].map(([{ case: id, glob, cause, expect, reason, issue }, count]) => {
    const what = id ?? glob ?? [cause ?? []].flat().join(', ');
    const why = issue === undefined ? reason : `${reason}, ${issue}`;
    return printable(`known: ${expect} ${what} (${counted(count, 'case')}): ${why}`);
  });
};

/**
 * Prints the result of tshark as well as writing it to the page. A wrong decoder makes every verdict doubtful, hence an
 * error.
 */
const tellCrossCheck = (checked: CheckedFiles, tell: (line: string) => void): ExitCode => {
  const { figures, damage, obstacle } = checked;
  const lines = figures === undefined ? [] : crossCheckLines(figures);
  for (const line of [...lines, ...damage, ...(obstacle === undefined ? [] : [obstacle])])
    tell(`--cross-check: ${line}`);
  const exit = crossCheckExit(checked);
  return exit === exitCodes.red ? exitCodes.error : exit;
};

const reportedCrossCheck = ({ figures, damage }: CheckedFiles): ReportedCrossCheck | undefined =>
  figures && { figures, damaged: damage.length };

/** Only the HTML report can show several runs. */
const refuseSingleFormats = (given: ReportCommandArguments): void => {
  const single = (Object.keys(writers) as readonly WriterName[]).filter((name) => given[name] !== undefined);
  if (given.results.length > 1 && single.length > 0)
    throw new UsageError([`--${single[0]} takes one run, got ${given.results.length}; --html takes several`]);
};
