/** `robe inspect FILE…`: passive conformance check of captures from any source. */
import { setFlagsFromString } from 'node:v8';
import type { CommandModule } from 'yargs';
import { exitCodes } from '../../gate/exit-code.js';
import type { Inspection } from '../../inspect/inspection.js';
import { usualFlows } from '../../inspect/inspector.js';
import { defaultDraftSubtypes } from '../../protocol/mptcp/option.js';
import { showFrameProgress } from '../inspect/frame-progress.js';
import { inspectFiles } from '../inspect/inspect-files.js';
import { inspectionLines, type RequirementText } from '../inspect/inspection-lines.js';
import { lineSink } from '../output/line-sink.js';
import { describeTerminal } from '../terminal.js';

interface InspectArguments {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly details: boolean;
  readonly examples: number;
  readonly downgrading: boolean;
  readonly flows: number;
  readonly 'esim-en': number;
  readonly 'join-cap': number;
  readonly 'l-rtt': number;
}

/**
 * How much the heap may grow, in percent, before the next garbage collection. On a machine with much memory V8 would
 * otherwise let it grow to several times the live data.
 */
const heapGrowth = 50;

export const command: CommandModule<object, InspectArguments> = {
  builder: (yargs) =>
    yargs
      .positional('files', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'pcap or pcapng, also gzipped; several files of the same time are merged, e.g. one a path',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .option('details', {
        type: 'boolean',
        default: false,
        describe: 'Also print the statements of the kept requirements',
      })
      .option('examples', { type: 'number', default: 5, describe: 'Observations listed for each requirement' })
      .option('downgrading', {
        type: 'boolean',
        default: false,
        describe: 'Servers claim RobE proposal 1: a known Key-A must be answered with the same Key-B',
      })
      .option('flows', {
        type: 'number',
        default: usualFlows,
        describe: 'Number of open flows to keep at least; bounds the memory',
      })
      .option('esim-en', { type: 'number', default: defaultDraftSubtypes.esimEn, describe: 'Subtype of ROBE_eSIM_EN' })
      .option('join-cap', { type: 'number', default: defaultDraftSubtypes.joinCap, describe: 'Subtype of MP_JOIN_CAP' })
      .option('l-rtt', { type: 'number', default: defaultDraftSubtypes.lRtt, describe: 'Subtype of L_RTT_EN' })
      .check(({ examples, flows }) => {
        if (!Number.isInteger(examples) || examples < 0) throw new Error('--examples: expected a count, 0 or more');
        if (!Number.isInteger(flows) || flows < 1) throw new Error('--flows: expected a count, 1 or more');
        return true;
      })
      .example('$0 inspect path-1.pcap path-2.pcap', 'Two captures of one connection, one a path')
      .example('tcpdump -i any -w - tcp | $0 inspect /dev/stdin', 'Live traffic, judged when tcpdump ends')
      .epilogue(
        'Exit codes: 0 no violation seen, 1 violated, 2 a file cannot be read or is damaged, or has a link type that is not known.\n' +
          'kept, violated: what the hosts did; unknown: keys or the start of a flow were not captured; damaged: the capture does\n' +
          'not show the frames as sent (cut frames, checksums left to the network card).',
      ),
  handler: async (request) => {
    const { files, examples } = request;
    setFlagsFromString(`--heap-growing-percent=${heapGrowth}`);
    const options = {
      subtypes: { esimEn: request['esim-en'], joinCap: request['join-cap'], lRtt: request['l-rtt'] },
      flows: request.flows,
      downgrading: request.downgrading,
      examples,
    };
    const progress = await showFrameProgress(describeTerminal(process.stderr, process.env));
    const { inspection, opened, exit } = await inspectFiles(files, options, (frames) => progress.read(frames));
    progress.end();
    const lines = lineSink(process.stdout);
    if (request.json) await lines.write(JSON.stringify(inspection));
    else if (opened) {
      const texts = await explanations(inspection, request.details);
      const style = { examples, details: request.details, statement: (requirement: string) => texts.get(requirement) };
      for (const line of inspectionLines(inspection, style)) await lines.write(line);
    }
    await lines.end();
    for (const problem of inspection.problems) process.stderr.write(`robe inspect: ${problem}\n`);
    if (exit !== exitCodes.holds) process.exitCode = exit;
  },
};

/** The texts of the requirements to explain. Without any, the register is not loaded. */
const explanations = async (
  { requirements }: Inspection,
  all: boolean,
): Promise<ReadonlyMap<string, RequirementText>> => {
  const explained = requirements.filter(({ counts }) => all || counts.violated + counts.unknown + counts.damaged > 0);
  if (explained.length === 0) return new Map();
  const { requirementTexts } = await import('../inspect/requirement-texts.js');
  return requirementTexts(explained.map(({ requirement }) => requirement));
};
