/**
 * `robe variants`: proves that no case demands more than its source, with conforming implementations that each use one
 * freedom of the RFCs.
 */
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { meansId } from '../../suite/catalogue/selection.js';
import { allVariants } from '../../variants/index.js';
import type { Variant } from '../../variants/variant.js';
import { chooseCases } from '../campaign/choose-cases.js';
import { conductCampaign } from '../campaign/conduct-campaign.js';
import { type PartArguments, withPart } from '../campaign/part-options.js';
import { shardOf } from '../gate/shard-options.js';
import { JudgingPool } from '../mutants/judging-pool.js';
import { lineSink } from '../output/line-sink.js';
import { pairsCampaign } from '../variants/pairs-campaign.js';
import { sentenceText } from '../variants/variant-lines.js';
import { variantsCampaign, weighVariants } from '../variants/variants-campaign.js';

interface VariantsArguments extends PartArguments {
  readonly select?: readonly string[] | undefined;
  readonly case?: readonly string[] | undefined;
  readonly list: boolean;
  readonly pairs: boolean;
  readonly json: boolean;
  readonly seed: string;
  readonly cases: readonly string[];
}

const several = { type: 'string', array: true, requiresArg: true, nargs: 1 } as const;

export const command: CommandModule<object, VariantsArguments> = {
  builder: (yargs) =>
    withPart(yargs)
      .positional('select', {
        type: 'string',
        array: true,
        describe: 'Variants by id or glob; none means all',
      })
      .option('case', { ...several, describe: 'Only these cases: ids, id prefixes up to a dot, or globs' })
      .option('list', {
        type: 'boolean',
        default: false,
        describe: 'List the variants, each with the sentence that grants its freedom',
      })
      .option('pairs', {
        type: 'boolean',
        default: false,
        describe: 'Try every two variants together, many in one row; a row runs one expansion of each case, in turn',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .option('seed', { type: 'string', default: '1', requiresArg: true, describe: 'Seed of every simulation' })
      .option('cases', {
        ...several,
        default: [],
        describe: 'Directory or file with cases instead of the bundled ones',
      })
      .example('$0 variants', 'Every case on every variant; exit code 1 if one is red')
      .example("$0 variants 'ack-*' --case tcp.server", 'Some variants, cases of one topic')
      .example('$0 variants --pairs', 'Every two variants together; minutes')
      .example('$0 variants --pairs slow-application no-mss --case tcp', 'These two, each alone and both together')
      .example('$0 variants --pairs --shard 2/8 --out parts/2', 'One of eight jobs; `robe merge parts` merges them')
      .example('$0 variants --list', 'The variants, and the sentences that grant them'),
  handler: async (given) => {
    const chosen = selectVariants(given.select ?? []);
    const lines = lineSink(process.stdout);
    const width = Math.max(...chosen.map(({ id }) => id.length));
    if (given.list) {
      for (const { id, sentence } of chosen) await lines.write(`${id.padEnd(width)}  ${sentenceText(sentence)}`);
      await lines.end();
      return;
    }
    const workingDirectory = process.cwd();
    const { seed, cases: places, json, out } = given;
    const shard = shardOf(given, process.env);
    const wanted = given.case ?? [];
    const { cases, digest } = chooseCases(places, wanted, workingDirectory);
    const pool = new JudgingPool(availableParallelism(), { places, workingDirectory, seed });
    const variants = chosen.map(({ id }) => id);
    const weights = shard === undefined || given.pairs ? {} : { weights: weighVariants(variants, cases) };
    const request = { variants, wanted: [...wanted], places: [...places], catalogue: digest, seed, ...weights };
    const means = { cases, pool };
    process.exitCode = given.pairs
      ? await conductCampaign(pairsCampaign(request, means), { shard, out, json })
      : await conductCampaign(variantsCampaign(request, means), { shard, out, json });
  },
};

const selectVariants = (select: readonly string[]): readonly Variant[] => {
  const ids = allVariants.map(({ id }) => id);
  const strange = select.filter((pattern) => !ids.some((id) => meansId(pattern, id)));
  if (strange.length > 0)
    throw new UsageError(
      strange.map(
        (pattern) =>
          `"${pattern}" names no variant${didYouMean(pattern, ids) || ';'} \`robe variants --list\` shows them`,
      ),
    );
  return select.length === 0 ? allVariants : allVariants.filter(({ id }) => select.some((each) => meansId(each, id)));
};
