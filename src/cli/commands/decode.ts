/**
 * `robe decode FILE`: prints the frames of a capture, one line each, as text or as JSON; or compares our decoder with
 * tshark.
 */
import type { CommandModule } from 'yargs';
import { exitCodes, gravest } from '../../gate/exit-code.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { crossCheckExit, crossCheckFiles, crossCheckLines } from '../decode/cross-check-files.js';
import { decodeFile } from '../decode/decode-file.js';
import { type LineSink, lineSink } from '../output/line-sink.js';

interface DecodeArguments {
  readonly file: string;
  readonly json: boolean;
  readonly 'cross-check': boolean;
  readonly 'esim-en': number;
  readonly 'join-cap': number;
  readonly 'l-rtt': number;
}

export const command: CommandModule<object, DecodeArguments> = {
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'Capture file, pcap or pcapng' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object a frame' })
      .option('cross-check', {
        type: 'boolean',
        default: false,
        describe:
          'Instead of printing the frames, compare them with tshark, and print every field in which it disagrees',
      })
      .option('esim-en', { type: 'number', default: defaultDraftSubtypes.esimEn, describe: 'Subtype of ROBE_eSIM_EN' })
      .option('join-cap', { type: 'number', default: defaultDraftSubtypes.joinCap, describe: 'Subtype of MP_JOIN_CAP' })
      .option('l-rtt', { type: 'number', default: defaultDraftSubtypes.lRtt, describe: 'Subtype of L_RTT_EN' })
      .example('$0 decode trace.pcapng', 'Each segment, option by option')
      .example('$0 decode dump.pcap --cross-check', 'Compare with tshark')
      .epilogue(
        'Exit codes: 0; 2 the file cannot be read, is damaged or has a link type that is not known. With --cross-check also\n' +
          '1 tshark disagrees, 3 tshark is missing or failed. The first 20 disagreements are printed, all\n' +
          'are counted; --json prints one object. Fields that tshark does not have, such as those of the\n' +
          "draft's options apart from their subtypes, are not compared, but counted by reason.",
      ),
  handler: async (request) => {
    const lines = lineSink(process.stdout);
    await (request['cross-check'] ? compare(request, lines) : print(request, lines));
  },
};

const print = async (request: DecodeArguments, lines: LineSink): Promise<void> => {
  const subtypes = { esimEn: request['esim-en'], joinCap: request['join-cap'], lRtt: request['l-rtt'] };
  const problems = await decodeFile({ file: request.file, json: request.json, subtypes }, lines);
  await lines.end();
  complain(problems);
  if (problems.length > 0) process.exitCode = exitCodes.usage;
};

const compare = async ({ file, json }: DecodeArguments, lines: LineSink): Promise<void> => {
  const checked = await crossCheckFiles([file]);
  const { figures, damage, obstacle } = checked;
  if (figures !== undefined)
    for (const line of json ? [JSON.stringify(figures)] : crossCheckLines(figures)) await lines.write(line);
  await lines.end();
  complain(obstacle === undefined ? damage : [...damage, obstacle]);
  process.exitCode = gravest([crossCheckExit(checked), damage.length > 0 ? exitCodes.usage : exitCodes.holds]);
};

const complain = (problems: readonly string[]): void => {
  for (const problem of problems) process.stderr.write(`robe decode: ${problem}\n`);
};
