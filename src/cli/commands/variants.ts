/** `robe variants`: proof that no case claims more than its source, by implementations that use one freedom otherwise. */
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { type Try, tryTogether, type VariantRow } from '../../run/matrix/variant-matrix.js';
import { type RowOutcome, tryRow } from '../../run/matrix/variant-rows.js';
import { didYouMean } from '../../suite/catalogue/near-miss.js';
import { meansId } from '../../suite/catalogue/selection.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { pairRows, pairsIn } from '../../variants/all-pairs.js';
import { allVariants } from '../../variants/index.js';
import type { Variant } from '../../variants/variant.js';
import { JudgingPool } from '../mutants/judging-pool.js';
import { lineSink } from '../output/line-sink.js';
import { membersInTurn } from '../variants/members-in-turn.js';
import { pairsJson, pairsLine, quarrelLine } from '../variants/pair-lines.js';
import { headLine, rowJson, rowLines, sentenceText, summaryLine } from '../variants/variant-lines.js';

interface VariantsArguments {
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
    yargs
      .positional('select', {
        type: 'string',
        array: true,
        describe: 'Variants by id or glob; none means all',
      })
      .option('case', { ...several, describe: 'Only these cases: ids, id prefixes up to a dot, or globs' })
      .option('list', {
        type: 'boolean',
        default: false,
        describe: 'List the variants with the sentence that grants each',
      })
      .option('pairs', {
        type: 'boolean',
        default: false,
        describe: 'Every two variants together, in rows of many; of each case one member of its matrix a row, by turns',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .option('seed', { type: 'string', default: '1', requiresArg: true, describe: 'Seed of every simulation' })
      .option('cases', {
        ...several,
        default: [],
        describe: 'Directory or file with cases instead of the bundled ones',
      })
      .example('$0 variants', 'Every case before every variant; exit code 1 when one is red')
      .example("$0 variants 'ack-*' --case tcp.server", 'Some variants before one topic')
      .example('$0 variants --pairs', 'Every two variants together; minutes')
      .example('$0 variants --list', 'What the variants are, and who says that they conform'),
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
    const { seed, cases: places } = given;
    const wanted = given.case ?? [];
    const catalogue = loadSoundCatalogue(places, workingDirectory);
    const cases = catalogue.cases.filter(({ id }) => wanted.length === 0 || wanted.some((each) => meansId(each, id)));
    if (cases.length === 0)
      throw new UsageError([`no case is called ${wanted.join(' or ')}; \`robe list\` shows them`]);
    const pool = new JudgingPool(availableParallelism(), { places, workingDirectory, seed });
    try {
      if (given.pairs) {
        await tryPairs(chosen, cases, (subject, each) => pool.compare(subject, each), given.json);
        return;
      }
      const trials = chosen.map((variant) =>
        tryTogether([variant], cases, (subject, each) => pool.compare(subject, each)),
      );
      const rows: VariantRow[] = [];
      if (!given.json) process.stdout.write(`${headLine(width)}\n`);
      for (const trial of trials) {
        const row = await trial;
        rows.push(row);
        // As they come: the whole takes minutes.
        if (!given.json) process.stdout.write([...rowLines(row, width)].map((line) => `${line}\n`).join(''));
      }
      await lines.write(given.json ? JSON.stringify({ variants: rows.map(rowJson) }, null, 2) : summaryLine(rows));
      await lines.end();
      if (rows.some(({ red }) => red.length > 0)) process.exitCode = exitCodes.red;
    } finally {
      await pool.close();
    }
  },
};

/** Rows under way at a time: enough that no thread waits. */
const rowsAtOnce = 4;

const tryPairs = async (
  chosen: readonly Variant[],
  cases: readonly ExpandedCase[],
  tries: Try,
  json: boolean,
): Promise<void> => {
  const rows = pairRows(chosen);
  const pairs = pairsIn(rows);
  const outcomes: RowOutcome[] = [];
  const waiting = [...rows.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [turn, row] = next;
      const outcome = await tryRow(row, membersInTurn(cases, turn), tries);
      outcomes.push(outcome);
      if (!json) for (const quarrel of outcome.quarrels) process.stdout.write(`${quarrelLine(quarrel)}\n`);
    }
  };
  await Promise.all(Array.from({ length: rowsAtOnce }, work));
  const lines = lineSink(process.stdout);
  await lines.write(
    json ? JSON.stringify(pairsJson(pairs, rows.length, outcomes), null, 2) : pairsLine(pairs, rows.length, outcomes),
  );
  await lines.end();
  if (outcomes.some(({ quarrels }) => quarrels.length > 0)) process.exitCode = exitCodes.red;
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
