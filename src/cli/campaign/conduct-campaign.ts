/** Does a campaign, or one part of it, and says what came of it: on standard output, and in files where a directory is named. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { reason } from '../../conduct/failure.js';
import { UsageError } from '../../conduct/usage-error.js';
import { exitCodes } from '../../gate/exit-code.js';
import { type Shard, takeShard } from '../../suite/catalogue/shard.js';
import { counted } from '../../suite/verdict/counted.js';
import { toolName } from '../environment.js';
import { lineSink } from '../output/line-sink.js';
import { writeNamedFile } from '../output/write-file.js';
import { type Campaign, type Conclusion, inOrder } from './campaign.js';
import { openPart, type PartHead } from './part-file.js';

export interface CampaignOutput {
  readonly shard: Shard | undefined;
  /** Where the part, or the report of the whole, is kept; a part must have one. */
  readonly out: string | undefined;
  readonly json: boolean;
  /** Where it says what was done of a part; standard error when absent. */
  readonly tell?: (line: string) => void;
}

/** Names the work of a campaign. */
export const planOf = ({ kind, request, units }: Campaign): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1)), units]))
    .digest('hex');

export const headOf = (campaign: Campaign, { index, of }: Shard): PartHead => ({
  part: 1,
  kind: campaign.kind,
  tool: toolName(),
  request: { ...campaign.request },
  plan: planOf(campaign),
  shard: { index, of },
});

/** The units of one part, in the order of the report. */
export const unitsOf = ({ units, cost }: Campaign, shard: Shard): readonly string[] =>
  takeShard(
    units.map((id) => ({ id })),
    shard,
    cost === undefined ? undefined : ({ id }) => cost(id),
  ).map(({ id }) => id);

/** Exit code of what came out. */
export const conductCampaign = async <Row>(campaign: Campaign<Row>, output: CampaignOutput): Promise<number> => {
  try {
    return output.shard === undefined ? await doAll(campaign, output) : await doPart(campaign, output.shard, output);
  } finally {
    await campaign.close();
  }
};

const doAll = async <Row>(campaign: Campaign<Row>, { out, json }: CampaignOutput): Promise<number> => {
  const rows = new Map<string, Row>();
  const sink = lineSink(process.stdout);
  const waiting = [...campaign.units];
  const print = (lines: readonly string[]): void => {
    if (!json && lines.length > 0) process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  };
  print(campaign.head);
  await work(campaign, campaign.units, async (unit, row) => {
    rows.set(unit, row);
    // As they come, in the order of the report: the whole takes minutes.
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const known = rows.get(next);
      if (known === undefined) return;
      waiting.shift();
      print(campaign.lines(next, known));
    }
  });
  const all = inOrder(campaign, rows);
  const conclusion = await campaign.conclude(all);
  if (json) await sink.write(JSON.stringify(conclusion.json, null, 2));
  else for (const line of conclusion.lines) await sink.write(line);
  await sink.end();
  if (out !== undefined) keepReport(out, campaign, all, conclusion);
  return conclusion.red ? exitCodes.red : exitCodes.holds;
};

const doPart = async <Row>(
  campaign: Campaign<Row>,
  shard: Shard,
  { out, tell = (line) => void process.stderr.write(`${line}\n`) }: CampaignOutput,
): Promise<number> => {
  if (out === undefined)
    throw new UsageError(['--shard needs --out DIRECTORY, where the part is kept for `robe merge`']);
  const units = unitsOf(campaign, shard);
  if (units.length === 0)
    throw new UsageError([
      `--shard ${shard.index}/${shard.of} is empty: the whole work is ${counted(campaign.units.length, 'unit')}`,
    ]);
  const part = openPart(out, headOf(campaign, shard));
  try {
    const left = units.filter((unit) => !part.rows.has(unit));
    await work(campaign, left, async (unit, row) => part.keep(unit, row));
    part.end();
    const before = left.length === units.length ? '' : `, ${units.length - left.length} of them before`;
    tell(
      `part ${shard.index}/${shard.of} of \`${campaign.kind}\`: ${units.length} of ${counted(campaign.units.length, 'unit')} done${before}; robe merge says what came out`,
    );
    return exitCodes.holds;
  } finally {
    part.close();
  }
};

/** Works off units, several at a time. */
const work = async <Row>(
  campaign: Campaign<Row>,
  units: readonly string[],
  done: (unit: string, row: Row) => Promise<void>,
): Promise<void> => {
  const waiting = [...units];
  let order = Promise.resolve();
  const worker = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      const [own, row] = [unit, await campaign.work(unit)];
      order = order.then(() => done(own, row));
      await order;
    }
  };
  await Promise.all(Array.from({ length: campaign.atOnce }, worker));
};

/** The report of the whole, as text and as JSON: the same octets whoever did the units. */
export const keepReport = <Row>(
  out: string,
  campaign: Campaign<Row>,
  rows: readonly Row[],
  { lines, json, files = {} }: Conclusion,
): void => {
  try {
    mkdirSync(out, { recursive: true });
  } catch (cause) {
    throw new UsageError([`${out} cannot be made: ${reason(cause)}`]);
  }
  const ofUnits = campaign.units.flatMap((unit, at) => {
    const row = rows[at];
    return row === undefined ? [] : campaign.lines(unit, row);
  });
  writeNamedFile(join(out, 'report.txt'), [...campaign.head, ...ofUnits, ...lines, ''].join('\n'));
  writeNamedFile(join(out, 'report.json'), `${JSON.stringify(json, null, 2)}\n`);
  for (const [name, text] of Object.entries(files)) writeNamedFile(join(out, name), text);
};
