/** `robe report RESULTS`: gates a finished run and writes its reports, all from results.json alone. */
import type { CommandModule } from 'yargs';
import { type CatalogueArguments, type GateArguments, prepareGate, withCases, withGate } from '../gate/gate-options.js';
import { loadResults } from '../gate/results-file.js';

interface ReportCommandArguments extends GateArguments, CatalogueArguments {
  readonly results: string;
}

export const reportCommand: CommandModule<object, ReportCommandArguments> = {
  command: 'report <results>',
  describe: 'Gate a finished run again and write its reports',
  builder: (yargs) =>
    withGate(
      withCases(
        yargs.positional('results', {
          type: 'string',
          demandOption: true,
          describe: 'results.json, or the directory of a run',
        }),
      ),
    )
      .example('$0 report reports/mine --junit junit.xml --tap results.tap', 'Two formats of one run')
      .example('$0 report reports/mine --baseline baseline.yaml', 'Hold it against what is known')
      .example(
        '$0 report reports/mine --github-annotations - --github-summary "$GITHUB_STEP_SUMMARY"',
        'In a GitHub job',
      )
      .epilogue(
        'Ends with the exit code of the gate: 0 it holds, 1 red, 2 usage, 3 errors, 4 inconclusive, 5 incomplete.',
      ),
  handler: async (given) => {
    const gate = await prepareGate(given, given.cases ?? [], process.cwd());
    const report = gate.judge(loadResults(given.results).results);
    process.exitCode = await gate.conclude(report, (line) => process.stderr.write(`${line}\n`));
  },
};
