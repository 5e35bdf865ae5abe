/**
 * `robe mock EVIDENCE`: runs a recorded implementation as a process on real interfaces, until a signal. With `--control`
 * it speaks robe-ctl/1 on its standard input and output and ends with its input.
 */
import type { CommandModule } from 'yargs';
import { loadRecording } from '../../conduct/recorded-subject.js';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { type MockProcess, openMockProcess } from '../../iut/mock/mock-process.js';
import { realClock } from '../../net/clock/real.js';
import { LinkError } from '../../net/link/link.js';
import { printable } from '../../protocol/bytes/printable.js';
import { obeyInput } from '../control-input.js';
import { toolVersion } from '../environment.js';
import { untilSignal } from '../signals.js';

interface MockArguments {
  readonly evidence: string;
  readonly interface: readonly string[];
  readonly control: boolean;
}

export const command: CommandModule<object, MockArguments> = {
  builder: (yargs) =>
    yargs
      .parserConfiguration({ 'duplicate-arguments-array': true })
      .positional('evidence', { type: 'string', demandOption: true, describe: 'Directory of a case below evidence/' })
      .option('interface', {
        type: 'string',
        array: true,
        default: [],
        describe: 'pathN=IFNAME, one for each path of the case',
      })
      .option('control', { type: 'boolean', default: false, describe: 'Speak robe-ctl/1 on stdin and stdout' })
      .example('$0 mock EVIDENCE --interface path1=veth0', 'Answers one run of the case with the recorded seed')
      .example('$0 run --iut mock:EVIDENCE', 'The same without interfaces, under virtual time')
      .epilogue(
        'It has the recorded addresses and only the recorded answers: run the same case with the same seed against it, from any tester addresses and ports.',
      ),
  handler: async ({ evidence, interface: named, control }) => {
    const recording = loadRecording(evidence);
    const interfaces = named.map(readInterface);
    const missing = recording.plan.surroundings.paths.filter(
      ({ path }) => !interfaces.some((each) => each.path === path),
    );
    if (missing.length > 0)
      throw new UsageError(
        missing.map(({ path }) => `the case uses path ${path}: expected --interface path${path}=IFNAME`),
      );
    const say = (text: string): void => {
      process.stderr.write(`robe mock: ${printable(text)}\n`);
    };
    try {
      const mock = await openMockProcess({
        clock: realClock(),
        recording,
        interfaces,
        version: toolVersion(),
        puzzled: say,
      });
      const { plan, result } = recording;
      say(`${plan.case.id} as ${result.subject} answered it, at ${mock.addresses.join(', ')}, to seed ${plan.seed}`);
      await (control ? obey(mock, say) : untilSignal());
      await mock.close();
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      say(error.message);
      say(error.remedy);
      process.exitCode = exitCodes.error;
    }
  },
};

const readInterface = (text: string): { readonly path: number; readonly device: string } => {
  const [, path, device] = /^path(\d+)=(.+)$/.exec(text) ?? [];
  if (path === undefined || device === undefined) throw new UsageError([`--interface ${text}: expected pathN=IFNAME`]);
  return { path: Number(path), device };
};

/** Answers control until its input ends. */
const obey = (mock: MockProcess, say: (text: string) => void): Promise<void> =>
  obeyInput({
    line: (text) => {
      if (text !== '') mock.control(text, (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`));
    },
    complaint: (why) => say(`control carried ${why}`),
  });
