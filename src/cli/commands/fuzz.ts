/** `robe fuzz`: feeds random and damaged input to every reader of the program, and tries random orders of arrival. */
import type { CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { hunts, readers } from '../../fuzz/hunts.js';
import { inputOf, judgeInput } from '../../fuzz/try-batch.js';
import { exitCodes } from '../../gate/exit-code.js';
import { toHex } from '../../protocol/bytes/hex.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { meansId } from '../../suite/catalogue/selection.js';
import { conductCampaign } from '../campaign/conduct-campaign.js';
import { type PartArguments, withPart } from '../campaign/part-options.js';
import { fuzzCampaign } from '../fuzz/fuzz-campaign.js';
import { shardOf } from '../gate/shard-options.js';
import { refuseRepeated } from '../once.js';
import { writeNamedFile } from '../output/write-file.js';

interface FuzzArguments extends PartArguments {
  readonly select?: readonly string[] | undefined;
  readonly rounds: number;
  readonly seed: string;
  readonly at?: string | undefined;
  readonly keep?: string | undefined;
  readonly json: boolean;
}

export const command: CommandModule<object, FuzzArguments> = {
  builder: (yargs) =>
    withPart(yargs)
      .positional('select', {
        type: 'string',
        array: true,
        describe: `What to try, by name or glob; none means all: ${hunts.map(({ name }) => name).join(', ')}`,
      })
      .option('rounds', { type: 'number', requiresArg: true, default: 3, describe: 'Batches of each' })
      .option('seed', { type: 'string', requiresArg: true, default: '1', describe: 'Determines every input' })
      .option('at', {
        type: 'string',
        requiresArg: true,
        describe: 'Repeat one input, as a finding names it: cases/3/17',
      })
      .option('keep', {
        type: 'string',
        requiresArg: true,
        describe: 'With --at: write the octets of the input to this file',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .conflicts('at', ['shard', 'out'])
      .implies('keep', 'at')
      .check(refuseRepeated('rounds', 'seed', 'at', 'keep'))
      .check(({ rounds, at, json, select = [] }) => {
        if (at !== undefined && (json || select.length > 0))
          throw new UsageError(['--at names one input by itself: without names and --json']);
        if (!Number.isInteger(rounds) || rounds < 1)
          throw new UsageError([`--rounds must be a whole number from 1, got ${rounds}`]);
        return true;
      })
      .example('$0 fuzz', 'Every reader for a minute; exit code 1 if something is found')
      .example("$0 fuzz frames 'schedules-*' --rounds 100 --seed tonight", 'Some readers, for long')
      .example('$0 fuzz --rounds 1000 --shard 2/8 --out parts/2', 'One of eight jobs; `robe merge parts` merges them')
      .example('$0 fuzz --at cases/3/17 --seed tonight', 'Repeat one finding'),
  handler: async (given) => {
    const { seed, rounds, json, out } = given;
    if (given.at !== undefined) {
      process.exitCode = await repeat(given.at, seed, given.keep);
      return;
    }
    const chosen = selectHunts(given.select ?? []);
    const campaign = fuzzCampaign({ hunts: [...chosen], rounds, seed });
    process.exitCode = await conductCampaign(campaign, { shard: shardOf(given, process.env), out, json });
  },
};

const selectHunts = (select: readonly string[]): readonly string[] => {
  const names = hunts.map(({ name }) => name);
  const strange = select.filter((pattern) => !names.some((name) => meansId(pattern, name)));
  if (strange.length > 0)
    throw new UsageError(
      strange.map(
        (pattern) =>
          `"${pattern}" names nothing to try${didYouMean(pattern, names) || ';'} there is ${names.join(', ')}`,
      ),
    );
  return select.length === 0 ? names : names.filter((name) => select.some((each) => meansId(each, name)));
};

/** Tries one input, and prints it. */
const repeat = async (place: string, seed: string, keep: string | undefined): Promise<number> => {
  const [name, ...numbers] = place.split('/');
  const [batch, at] = numbers.map(Number);
  const reader = readers.find((each) => each.name === name);
  if (reader === undefined || numbers.length !== 2 || !isCount(batch) || !isCount(at) || at >= reader.batch)
    throw new UsageError([
      `--at takes READER/BATCH/INPUT as a find names it, e.g. cases/3/17, got ${place}; readers: ${readers.map((each) => each.name).join(', ')}`,
    ]);
  const input = inputOf(reader, seed, batch, at);
  if (keep !== undefined) writeNamedFile(keep, input);
  const what = await judgeInput(reader, input);
  process.stdout.write(`${toHex(input)}\n${what ?? 'nothing found'}\n`);
  return what === undefined ? exitCodes.holds : exitCodes.red;
};

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isSafeInteger(value) && value >= 0;
