/** `robe judge EVIDENCE`: judges a recorded case again, from its trace alone, and says whether the verdict is the same. */
import type { CommandModule } from 'yargs';
import { exitCodes } from '../../gate/exit-code.js';
import { printable } from '../../protocol/bytes/printable.js';
import { EvidenceError, readEvidence } from '../../report/read-evidence.js';
import { rejudge } from '../../run/recorded.js';
import { recordJudgement } from '../../suite/verdict/results.js';
import { tellTrace } from '../explain/trace-lines.js';
import { UsageError } from '../run/run-request.js';

interface JudgeArguments {
  readonly evidence: string;
  readonly json: boolean;
}

export const judgeCommand: CommandModule<object, JudgeArguments> = {
  command: 'judge <evidence>',
  describe: 'Judge a recorded case again and show what happened in it',
  builder: (yargs) =>
    yargs
      .positional('evidence', { type: 'string', demandOption: true, describe: 'Directory of a case below evidence/' })
      .option('json', { type: 'boolean', default: false, describe: 'The judgement as JSON' })
      .example('$0 judge reports/mine/evidence/tcp.server.handshake.ip4', 'What happened there, and the verdict'),
  handler: ({ evidence, json }) => {
    const kept = readKept(evidence);
    const { judgement, trace } = rejudge(kept.plan, kept.trace);
    const same = judgement.verdict === kept.result.verdict && judgement.signature === kept.result.signature;
    if (json) process.stdout.write(`${JSON.stringify({ ...recordJudgement(judgement), same }, null, 2)}\n`);
    else {
      const lines = [
        `${kept.result.id} on ${printable(kept.result.subject)}`,
        ...tellTrace(trace).map((line) => `  ${line}`),
        `${judgement.verdict}: ${printable(judgement.sentence)}`,
        same
          ? 'The verdict is that of the run.'
          : `The run had: ${kept.result.verdict}: ${printable(kept.result.sentence)}`,
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    }
    if (!same) process.exitCode = exitCodes.error;
  },
};

const readKept = (directory: string) => {
  try {
    return readEvidence(directory);
  } catch (cause) {
    if (cause instanceof EvidenceError) throw new UsageError([cause.message]);
    throw cause;
  }
};
