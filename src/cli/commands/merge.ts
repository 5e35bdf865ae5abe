/**
 * `robe merge DIR…`: merges the shards of one run, gates the whole and writes its reports; or merges the parts of a
 * campaign.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { reason } from '../../conduct/failure.js';
import { files } from '../../conduct/run-directory.js';
import { UsageError } from '../../conduct/usage-error.js';
import { type ExitCode, exitCodes, gravest } from '../../gate/exit-code.js';
import { mergeShards, type ShardResults } from '../../gate/merge.js';
import type { Results } from '../../suite/verdict/results.js';
import { readPart } from '../campaign/part-file.js';
import { toolName } from '../environment.js';
import { type CatalogueArguments, type GateArguments, prepareGate, withCases, withGate } from '../gate/gate-options.js';
import { loadResults, partsBelow, resultsBelow } from '../gate/results-file.js';
import { refuseRepeated } from '../once.js';
import { folded } from '../output/fold.js';
import { lineSink } from '../output/line-sink.js';
import { writeNamedFile } from '../output/write-file.js';
import { pageCatalogue, quotedFrom } from '../report/page-input.js';
import { writePage } from '../report/write-page.js';

interface MergeArguments extends GateArguments, CatalogueArguments {
  readonly shards: readonly string[];
  readonly out: string;
}

export const command: CommandModule<object, MergeArguments> = {
  builder: (yargs) =>
    withGate(
      withCases(
        yargs
          .positional('shards', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'Directories of the shards, or one directory that holds them',
          })
          .option('out', {
            type: 'string',
            demandOption: true,
            requiresArg: true,
            describe: 'Directory for the merged results.json and report.html',
          })
          .check(refuseRepeated('out')),
      ),
    )
      .example('$0 merge shards --out reports/whole --junit junit.xml', 'All shards below one directory')
      .example('$0 merge parts --out reports/variants', 'The parts of `robe variants --shard …`')
      .epilogue('If a shard is missing, present twice or of other work: exit code 5, and no output.'),
  handler: async (given) => {
    const tell = (line: string): void => void process.stderr.write(`${folded(line, process.stderr)}\n`);
    const parts = given.shards.flatMap(partsBelow);
    if (parts.length > 0) {
      process.exitCode = await concludeCampaign(parts, given, tell);
      return;
    }
    const gate = await prepareGate(given, given.cases ?? [], process.cwd());
    const found = given.shards.map((place) => ({ place, results: resultsBelow(place) }));
    for (const { place } of found.filter(({ results }) => results.length === 0))
      tell(`robe merge: ${place} holds no results.json: that run left none`);
    const merge = mergeShards(found.flatMap(({ results }) => results.map((file) => loadShard(file, given.out))));
    if ('problems' in merge) {
      for (const problem of merge.problems) tell(`robe merge: ${problem}`);
      process.exitCode = exitCodes.incomplete;
      return;
    }
    writeMerged(given.out, merge.merged);
    const catalogue = pageCatalogue(given.cases ?? [], process.cwd());
    const report = { ...gate.judge(merge.merged), ...quotedFrom(catalogue) };
    const exit = await gate.conclude(report, tell);
    const placed = [{ report, directory: given.out }];
    const unwritten = writePage(join(given.out, files.page), placed, catalogue);
    if (unwritten !== undefined) tell(`robe merge: ${unwritten}`);
    process.exitCode = gravest([exit, ...(unwritten === undefined ? [] : [exitCodes.error])]);
  },
};

/** Merges parts of a campaign; a shard of a run among them is an error. */
const concludeCampaign = async (
  files: readonly string[],
  { shards, out }: MergeArguments,
  tell: (line: string) => void,
): Promise<ExitCode> => {
  const foreign = shards
    .flatMap(resultsBelow)
    .map((file) => `${file}: a shard of \`robe run\`, and no part of a campaign`);
  // This loads half of the program; merging shards of a run does not need it.
  const { mergeCampaign } = await import('../campaign/campaigns.js');
  const merged = foreign.length > 0 ? { problems: foreign } : await mergeCampaign(files.map(readPart), toolName(), out);
  if ('problems' in merged) {
    for (const problem of merged.problems) tell(`robe merge: ${problem}`);
    return exitCodes.incomplete;
  }
  const sink = lineSink(process.stdout);
  for (const line of merged.lines) await sink.write(line);
  await sink.end();
  return merged.conclusion.red ? exitCodes.red : exitCodes.holds;
};

const loadShard = (file: string, out: string): ShardResults => ({
  ...loadResults(file),
  prefix: relative(out, dirname(file)),
});

const writeMerged = (out: string, results: Results): void => {
  try {
    mkdirSync(out, { recursive: true });
  } catch (cause) {
    throw new UsageError([`${out} cannot be made: ${reason(cause)}`]);
  }
  writeNamedFile(join(out, files.results), `${JSON.stringify(results, null, 2)}\n`);
};
