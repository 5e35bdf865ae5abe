/** `robe judge EVIDENCE|CAPTURE`: judges a recorded case again, and reports whether the verdict is the same. */
import type { CommandModule } from 'yargs';
import { type ExitCode, exitCodes } from '../../gate/exit-code.js';
import { printable } from '../../protocol/bytes/printable.js';
import { recordJudgement } from '../../suite/verdict/results.js';
import type { Judgement } from '../../suite/verdict/verdict.js';
import { tellTrace } from '../explain/trace-lines.js';
import { judgeRecording } from '../judge/judge-recording.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';

interface JudgeArguments {
  readonly evidence: string;
  readonly case?: string | undefined;
  readonly seed?: string | undefined;
  readonly iut?: string | undefined;
  readonly cases?: readonly string[] | undefined;
  readonly json: boolean;
}

const one = { type: 'string', requiresArg: true } as const;

export const command: CommandModule<object, JudgeArguments> = {
  builder: (yargs) =>
    yargs
      .positional('evidence', {
        type: 'string',
        demandOption: true,
        describe: 'Directory of a case below evidence/, or a capture: pcapng or pcap',
      })
      .option('case', { ...one, describe: "Judge by this case of today's catalogue instead of the recorded one" })
      .option('seed', { ...one, describe: 'Seed of the run, for a capture without it' })
      .option('iut', { ...one, describe: 'Implementation with the declared parameters, for a capture without them' })
      .option('cases', {
        ...one,
        array: true,
        nargs: 1,
        describe: 'Directory or file with cases instead of the bundled ones',
      })
      .option('json', { type: 'boolean', default: false, describe: 'The judgement as JSON' })
      .check(refuseRepeated('case', 'seed', 'iut'))
      .example('$0 judge reports/mine/evidence/tcp.server.connection.ip4', 'What happened there, and the verdict')
      .example('$0 judge trace.pcapng', 'From the capture alone, wherever it came from')
      .example(
        '$0 judge dump.pcap --case tcp.server.connection.ip4 --seed 7',
        'A capture by tcpdump of a run with that seed',
      )
      .epilogue(
        'Exit codes: if the verdict of the run is known, 0 the same verdict, 3 another one; otherwise by the verdict: 0 green, 1 failed, 3 error, 4 inconclusive.',
      ),
  handler: async ({ evidence, json, case: id, seed, iut, cases }) => {
    const request = { place: evidence, case: id, seed, iut, catalogue: cases ?? [] };
    const { case: subject, judged, recorded, remarks } = await judgeRecording(request);
    const { judgement, trace } = judged;
    for (const remark of remarks) process.stderr.write(`robe: ${printable(remark)}\n`);
    const same =
      recorded === undefined
        ? undefined
        : judgement.verdict === recorded.verdict && judgement.signature === recorded.signature;
    if (json)
      process.stdout.write(
        `${JSON.stringify({ case: subject.id, ...recordJudgement(judgement), ...(same === undefined ? {} : { same }) }, null, 2)}\n`,
      );
    else {
      const lines = [
        `${subject.id}${recorded === undefined ? '' : ` on ${printable(recorded.subject)}`}`,
        ...tellTrace(trace).map((line) => `  ${line}`),
        `${judgement.verdict}: ${printable(judgement.sentence)}`,
        ...(recorded === undefined
          ? []
          : [
              same === true
                ? 'The verdict is that of the run.'
                : `The run had: ${recorded.verdict}${recorded.signature === undefined ? '' : ` ${recorded.signature}`}${recorded.sentence === undefined ? '' : `: ${printable(recorded.sentence)}`}`,
            ]),
      ];
      process.stdout.write(`${folded(lines.join('\n'), process.stdout)}\n`);
    }
    process.exitCode = same === undefined ? exitCodeOf(judgement) : same ? exitCodes.holds : exitCodes.error;
  },
};

/** The exit code of a run of this case alone. */
const exitCodeOf = ({ verdict }: Judgement): ExitCode => {
  switch (verdict) {
    case 'pass':
    case 'info':
    case 'nonstrict':
      return exitCodes.holds;
    case 'fail':
    case 'unsupported':
      return exitCodes.red;
    case 'inconclusive':
      return exitCodes.inconclusive;
    case 'error':
      return exitCodes.error;
  }
};
