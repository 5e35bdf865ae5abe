/** `robe mutants`: proves that the cases can fail, with implementations that each break one requirement. */
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { embeddedSubjects } from '../../iut/embedded-subject.js';
import { type MutantSubject, mutantSubjects, triggers } from '../../iut/mutant-subject.js';
import { allMutants } from '../../mutants/index.js';
import { type KillMatrix, makeKillMatrix } from '../../run/matrix/kill-matrix.js';
import { meansId } from '../../suite/catalogue/selection.js';
import { watchingRules } from '../../suite/catalogue/watching-rules.js';
import { chooseCases } from '../campaign/choose-cases.js';
import { conductCampaign } from '../campaign/conduct-campaign.js';
import { type PartArguments, withPart } from '../campaign/part-options.js';
import { shardOf } from '../gate/shard-options.js';
import { dialogueOf } from '../mutants/dialogue-lines.js';
import { type ExploredRow, exploredLine, exploredSummary, exploreMutants } from '../mutants/explored-lines.js';
import { JudgingPool } from '../mutants/judging-pool.js';
import { isRedMatrix, matrixCampaign, weighMatrix } from '../mutants/matrix-campaign.js';
import { idleLines, matrixJson, matrixLines, noticedLines } from '../mutants/matrix-lines.js';
import { triggersCampaign, weighMutants } from '../mutants/triggers-campaign.js';
import { lineSink } from '../output/line-sink.js';
import { writeMutantFigures } from '../report/trust-figures.js';

interface MutantsArguments extends PartArguments {
  readonly select?: readonly string[] | undefined;
  readonly case?: readonly string[] | undefined;
  readonly json: boolean;
  readonly idle: boolean;
  readonly full: boolean;
  readonly triggers: boolean;
  readonly dialogue: boolean;
  readonly explored: boolean;
  readonly trigger?: string | undefined;
  readonly write: boolean;
  readonly seed: string;
  readonly cases: readonly string[];
}

/** States that --dialogue explores in one setting. */
const dialogueStates = 3000;

const several = { type: 'string', array: true, requiresArg: true, nargs: 1 } as const;

export const command: CommandModule<object, MutantsArguments> = {
  builder: (yargs) =>
    withPart(yargs)
      .positional('select', {
        type: 'string',
        array: true,
        describe: 'Mutants by id, glob, profile or requirement; none means all',
      })
      .option('case', { ...several, describe: 'Only these cases: ids, id prefixes up to a dot, or globs' })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object' })
      .option('idle', { type: 'boolean', default: false, describe: 'List the cases that notice no mutant' })
      .option('full', {
        type: 'boolean',
        default: false,
        describe: 'Try every pair of mutant and case; otherwise only pairs that can give a new result',
      })
      .option('triggers', {
        type: 'boolean',
        default: false,
        describe:
          'Try every mutant with each trigger: only the second time, only on the third flow, only after a fallback, …',
      })
      .option('dialogue', {
        type: 'boolean',
        default: false,
        describe:
          'For one mutant: write as a case the shortest schedule, found by `robe explore`, in which it answers otherwise than a right host',
      })
      .option('explored', {
        type: 'boolean',
        default: false,
        describe:
          'List the mutants that violate an invariant of `robe explore`; stops at the first setting, from one path to four',
      })
      .option('trigger', {
        type: 'string',
        requiresArg: true,
        choices: triggers.map(({ id }) => id),
        describe: 'With --dialogue: the defect occurs on these occasions only',
      })
      .option('write', {
        type: 'boolean',
        default: false,
        describe: 'Keep the figures of the whole matrix in fixtures/verdicts/mutants.json, for the HTML report',
      })
      .option('seed', { type: 'string', default: '1', requiresArg: true, describe: 'Seed of every simulation' })
      .option('cases', {
        ...several,
        default: [],
        describe: 'Directory or file with cases instead of the bundled ones',
      })
      .example('$0 mutants', 'The whole matrix')
      .example('$0 mutants --case ID', 'The mutants that the case notices; exit code 1 if it notices none')
      .example('$0 mutants --triggers', 'Defects that no case notices if they occur on some occasions only')
      .example(
        '$0 mutants losers-not-reset --dialogue > losers.yaml',
        'A dialogue in which that mutant differs from a right host, as the skeleton of a case',
      )
      .example("$0 mutants --explored 'ROBE-*'", 'The mutants of the rules of RobE that exploration notices')
      .example('$0 mutants --shard 2/8 --out parts/2', 'One of eight jobs; `robe merge parts` merges them')
      .example('$0 mutants --idle', 'Cases that fail on no mutant')
      .example(
        '$0 mutants robe-downgrade --case robe-downgrade.server',
        "One profile's mutants before one topic's cases",
      ),
  handler: async (given) => {
    const workingDirectory = process.cwd();
    const { seed, cases: places } = given;
    if (given.trigger !== undefined && !given.dialogue)
      throw new UsageError([
        '--trigger confines the defect for --dialogue: give both, or --triggers to try all of them',
      ]);
    if (given.dialogue) {
      await writeDialogue(given);
      return;
    }
    if (given.explored) {
      await writeExplored(given);
      return;
    }
    const shard = shardOf(given, process.env);
    if (given.write && (given.triggers || shard !== undefined || given.out !== undefined))
      throw new UsageError(['--write keeps the figures of a whole matrix: leave out --triggers, --shard and --out']);
    const wanted = given.case ?? [];
    const { cases, digest } = chooseCases(places, wanted, workingDirectory);
    const suspects = selectMutants(mutantSubjects(), given.select ?? []);
    const pool = new JudgingPool(availableParallelism(), { places, workingDirectory, seed });
    const everything = (given.select ?? []).length === 0;
    const { out, json, full, idle } = given;
    const means = { cases, pool };
    const request = {
      mutants: suspects.map(({ id }) => id),
      wanted: [...wanted],
      places: [...places],
      catalogue: digest,
      seed,
    };
    if (given.triggers || shard !== undefined || out !== undefined) {
      const output = { shard, out, json };
      const whole = { ...request, everything, full, idle };
      const weights = (weigh: () => Record<string, number>) => (shard === undefined ? {} : { weights: weigh() });
      process.exitCode = given.triggers
        ? await conductCampaign(
            triggersCampaign({ ...request, ...weights(() => weighMutants(request.mutants, cases)) }, means),
            output,
          )
        : await conductCampaign(
            matrixCampaign({ ...whole, ...weights(() => weighMatrix(whole, cases)) }, means),
            output,
          );
      return;
    }
    try {
      const references = everything ? embeddedSubjects() : [];
      const matrix = await makeKillMatrix(
        { suspects, references, cases, rules: watchingRules, thorough: full },
        (subject, each) => pool.judge(subject, each),
      );
      // If only cases are named, the question is about these cases: mutants unrelated to them are not listed.
      const aboutCases = everything && wanted.length > 0;
      const lines = lineSink(process.stdout);
      if (json) await lines.write(JSON.stringify(matrixJson(matrix), null, 2));
      else for (const line of linesOf(matrix, idle, aboutCases)) await lines.write(line);
      await lines.end();
      if (given.write) keepFigures(given, matrix, digest);
      if (isRedMatrix(matrix, aboutCases, idle)) process.exitCode = exitCodes.red;
    } finally {
      await pool.close();
    }
  },
};

/** Writes the case to stdout and remarks to stderr; exit code 1 if there is no case. */
const writeDialogue = async ({ select = [], trigger, seed }: MutantsArguments): Promise<void> => {
  const [id = '', ...others] = select;
  const mutant = allMutants.find((each) => each.id === id);
  if (mutant === undefined || others.length > 0)
    throw new UsageError([
      `--dialogue takes one mutant: expected one id of \`robe list --of mutants\`, got "${select.join(' ')}"`,
    ]);
  const confining = triggers.find((each) => each.id === trigger);
  const { text, remarks } = dialogueOf({ mutant, trigger: confining, seed, mostStates: dialogueStates });
  for (const line of remarks) process.stderr.write(`${line}\n`);
  const lines = lineSink(process.stdout);
  if (text === undefined) process.exitCode = exitCodes.red;
  else await lines.write(text.trimEnd());
  await lines.end();
};

/** Prints a line after each mutant. */
const writeExplored = async ({ select = [], seed, json }: MutantsArguments): Promise<void> => {
  const wanted = new Set(selectMutants(mutantSubjects(), select).map(({ id }) => id));
  const chosen = allMutants.filter(({ id }) => wanted.has(id));
  const lines = lineSink(process.stdout);
  const rows: ExploredRow[] = [];
  for (const row of exploreMutants(chosen, seed)) {
    rows.push(row);
    if (!json) await lines.write(exploredLine(row));
  }
  if (json) await lines.write(JSON.stringify({ mutants: rows }, null, 2));
  else await lines.write(exploredSummary(rows));
  await lines.end();
};

const linesOf = (matrix: KillMatrix, idle: boolean, aboutCases: boolean): Iterable<string> => {
  if (idle) return idleLines(matrix);
  return aboutCases ? noticedLines(matrix) : matrixLines(matrix);
};

/** Figures of a part of the matrix would be mistaken for those of the whole. */
const keepFigures = (given: MutantsArguments, matrix: KillMatrix, catalogue: string): void => {
  if ((given.select ?? []).length > 0 || (given.case ?? []).length > 0 || given.cases.length > 0)
    throw new UsageError(['--write keeps the figures of the whole matrix: name no mutants and no cases with it']);
  process.stderr.write(`${writeMutantFigures(matrix, catalogue)}\n`);
};

const selectMutants = (all: readonly MutantSubject[], select: readonly string[]): readonly MutantSubject[] => {
  const means = (pattern: string, { id, profile, requirement }: MutantSubject) =>
    profile === pattern || meansId(pattern, id) || meansId(pattern, requirement);
  const strange = select.filter((pattern) => !all.some((mutant) => means(pattern, mutant)));
  if (strange.length > 0)
    throw new UsageError(
      strange.map((pattern) => `"${pattern}" names no mutant: expected an id, a glob, a profile or a requirement`),
    );
  return select.length === 0 ? all : all.filter((mutant) => select.some((pattern) => means(pattern, mutant)));
};
