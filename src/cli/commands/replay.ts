/** `robe replay EVIDENCE`: runs a recorded case again, and prints the first difference from the recording. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { loadRecording, mockOf } from '../../conduct/recorded-subject.js';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes, gravest } from '../../gate/exit-code.js';
import { gateOf, strictly } from '../../gate/gate.js';
import { chooseIut, UnknownIut } from '../../iut/choose.js';
import { printable } from '../../protocol/bytes/printable.js';
import { evidenceFiles } from '../../report/evidence.js';
import { readEvidence } from '../../report/read-evidence.js';
import { firstDivergence } from '../../run/recorded/replay.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import { refuseRepeated } from '../once.js';
import { tellDivergence } from '../replay/divergence-lines.js';
import { performRun } from '../run/perform-run.js';
import { usualDirectory } from './run.js';

interface ReplayArguments {
  readonly evidence: string;
  readonly iut?: string | undefined;
  readonly out?: string | undefined;
  readonly same: boolean;
}

const one = { type: 'string', requiresArg: true } as const;

export const command: CommandModule<object, ReplayArguments> = {
  builder: (yargs) =>
    yargs
      .positional('evidence', { type: 'string', demandOption: true, describe: 'Directory of a case below evidence/' })
      .option('iut', { ...one, describe: 'Implementation to run it on, as for `run`; default: the recorded one' })
      .option('out', { ...one, describe: 'Directory for results; default reports/<time>-replay-<iut>' })
      .option('same', {
        type: 'boolean',
        default: false,
        describe: 'Exit with 0 if verdict and signature are those recorded, and with 1 if not',
      })
      .check(refuseRepeated('iut', 'out'))
      .example(
        '$0 replay reports/mine/evidence/tcp.server.connection.ip4 --iut my-stack.yaml',
        'Is the defect repaired?',
      )
      .example('git bisect run robe replay EVIDENCE --iut my-stack.yaml', 'Which change broke it?')
      .example('$0 replay EVIDENCE --iut embedded:robe-esim', 'What would a right implementation have done?')
      .epilogue(
        'The case runs as recorded, with the same seed, so the tester chooses the same values; values of the other side are bound anew. Exit codes are those of a run of this case: 0 green, 1 failed, 3 error, 4 inconclusive; with --same, 0 or 1.',
      ),
  handler: async ({ evidence, iut, out, same }) => {
    const recording = loadRecording(evidence);
    const { plan, result: recorded } = recording;
    const target = iut ?? subjectAgain(evidence, recorded.subject);
    const { results, directory, report, unwritten } = await performRun(
      {
        iut: target,
        selection: { select: [], exclude: [], profiles: [], roles: [], requirements: [], levels: [] },
        replayed: plan.case,
        keepAll: true,
        catalogue: [],
        seed: plan.seed,
        jobs: 1,
        shuffle: false,
        confirm: 0,
        out: out ?? usualDirectory(`replay-${target}`, new Date()),
        command: process.argv.slice(1).map((word, index) => (index === 0 ? 'robe' : word)),
      },
      { json: false },
      (run) => ({ results: run, gate: gateOf(run, strictly(run.run.began.slice(0, 'yyyy-mm-dd'.length))) }),
    );
    const again = results.cases.filter((each) => each.evidence !== undefined);
    for (const now of again) {
      const played = readEvidence(join(directory, now.evidence ?? ''));
      process.stdout.write(
        `${[
          '',
          `recorded: ${outcomeOf(recorded)}`,
          `now:      ${outcomeOf(now)}`,
          ...tellDivergence(firstDivergence(recording, played), recording),
        ].join('\n')}\n`,
      );
    }
    const reproduced = again.length > 0 && again.every((now) => isSame(now, recorded));
    const own = same ? (reproduced ? exitCodes.holds : exitCodes.red) : report.gate.exit;
    process.exitCode = gravest([own, ...(unwritten === undefined ? [] : [exitCodes.error])]);
  },
};

/** The recorded implementation, if its name alone identifies it. Otherwise throws a UsageError. */
const subjectAgain = (evidence: string, subject: string): string => {
  try {
    if (mockOf(subject) === undefined) chooseIut(subject);
    return subject;
  } catch (cause) {
    if (!(cause instanceof UnknownIut)) throw cause;
    const repeat = join(evidence, evidenceFiles.repeat);
    throw new UsageError([
      `it was recorded of ${printable(subject)}, which a file describes: name the file with --iut${existsSync(repeat) ? ', as it was then:' : ''}`,
      ...(existsSync(repeat) ? [`  ${printable(readFileSync(repeat, 'utf8').trim())}`] : []),
    ]);
  }
};

const isSame = (a: CaseResult, b: CaseResult): boolean => a.verdict === b.verdict && a.signature === b.signature;

const outcomeOf = ({ verdict, signature, subject }: CaseResult): string =>
  `${verdict}${signature === undefined ? '' : ` ${signature}`} (${printable(subject)})`;
