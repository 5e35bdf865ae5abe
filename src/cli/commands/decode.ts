/** `robe decode FILE`: the frames of a capture, one line each, as text or as JSON. */
import type { CommandModule } from 'yargs';
import { exitCodes } from '../../gate/exit-code.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { decodeFile } from '../decode/decode-file.js';
import { lineSink } from '../output/line-sink.js';

interface DecodeArguments {
  readonly file: string;
  readonly json: boolean;
  readonly 'esim-en': number;
  readonly 'join-cap': number;
  readonly 'l-rtt': number;
}

export const command: CommandModule<object, DecodeArguments> = {
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'Capture file, pcap or pcapng' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object a frame' })
      .option('esim-en', { type: 'number', default: defaultDraftSubtypes.esimEn, describe: 'Subtype of ROBE_eSIM_EN' })
      .option('join-cap', { type: 'number', default: defaultDraftSubtypes.joinCap, describe: 'Subtype of MP_JOIN_CAP' })
      .option('l-rtt', { type: 'number', default: defaultDraftSubtypes.lRtt, describe: 'Subtype of L_RTT_EN' }),
  handler: async ({ file, json, 'esim-en': esimEn, 'join-cap': joinCap, 'l-rtt': lRtt }) => {
    const lines = lineSink(process.stdout);
    const problems = await decodeFile({ file, json, subtypes: { esimEn, joinCap, lRtt } }, lines);
    await lines.end();
    for (const problem of problems) process.stderr.write(`robe decode: ${problem}\n`);
    if (problems.length > 0) process.exitCode = exitCodes.usage;
  },
};
