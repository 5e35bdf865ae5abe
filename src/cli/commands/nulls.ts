/** `robe nulls`: prints the verdicts of the catalogue on implementations that do nothing right. */
import { availableParallelism } from 'node:os';
import type { CommandModule } from 'yargs';
import { loadSoundCatalogue } from '../../conduct/load-catalogue.js';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { nullNames, nullSubjects } from '../../iut/null/null-subject.js';
import { catalogueDigest, compareReview, measureVector } from '../../run/matrix/null-vector.js';
import { JudgingPool } from '../mutants/judging-pool.js';
import { readReviewedVector, writeReviewedVector } from '../mutants/reviewed-vectors.js';
import { lineSink } from '../output/line-sink.js';

interface NullsArguments {
  readonly name?: readonly string[] | undefined;
  readonly write: boolean;
  readonly seed: string;
}

export const command: CommandModule<object, NullsArguments> = {
  builder: (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        array: true,
        describe: `One or more of ${nullNames.join(', ')}; none means all`,
      })
      .option('write', { type: 'boolean', default: false, describe: 'Update the counts of the reviewed vectors' })
      .option('seed', { type: 'string', default: '1', requiresArg: true, describe: 'Seed of every simulation' })
      .example('$0 nulls silent', 'No case may pass on silence'),
  handler: async ({ name = [], write, seed }) => {
    const strange = name.filter((each) => !nullNames.some((known) => known === each));
    if (strange.length > 0) {
      throw new UsageError([`there is no null implementation ${strange.join(', ')}: expected ${nullNames.join(', ')}`]);
    }
    const workingDirectory = process.cwd();
    const { cases } = loadSoundCatalogue([], workingDirectory);
    const catalogue = catalogueDigest(cases);
    const pool = new JudgingPool(availableParallelism(), { places: [], workingDirectory, seed });
    const lines = lineSink(process.stdout);
    try {
      for (const each of nullNames.filter((known) => name.length === 0 || name.includes(known))) {
        const vector = await measureVector(nullSubjects(each), cases, (subject, chosen) => pool.judge(subject, chosen));
        const reviewed = readReviewedVector(each);
        const { unexplained, obsolete } = compareReview(vector.content, reviewed.passes);
        await lines.write(`null:${each}: ${reviewed.says}`);
        for (const [key, tally] of Object.entries(vector.counts)) {
          await lines.write(
            `  ${key}: ${Object.entries(tally)
              .map(([verdict, count]) => `${count} ${verdict}`)
              .join(', ')}`,
          );
        }
        for (const id of unexplained)
          await lines.write(`  nobody has said why ${id} is content: ${vector.content.get(id)}`);
        for (const pattern of obsolete) await lines.write(`  reviewed as content, but is not: ${pattern}`);
        if (unexplained.length + obsolete.length > 0) process.exitCode = exitCodes.red;
        if (write) writeReviewedVector(each, { ...reviewed, catalogue, counts: vector.counts });
      }
    } finally {
      await lines.end();
      await pool.close();
    }
  },
};
