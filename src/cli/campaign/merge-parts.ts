/**
 * Puts the parts of a campaign together and concludes what one machine would have. A part that is missing, that is there
 * twice, that was killed before its end, or that is of other work is refused: nothing is concluded from less than all.
 */

import { counted } from '../../suite/verdict/counted.js';
import { type Campaign, inOrder } from './campaign.js';
import { planOf, unitsOf } from './conduct-campaign.js';
import type { Part } from './part-file.js';

export type Gathered<Row> = { readonly rows: readonly Row[] } | { readonly problems: readonly string[] };

/** The rows of all units, in the order of the report, or why there are none. `campaign`: made again from the request of the parts. */
export const gather = <Row>(campaign: Campaign<Row>, tool: string, parts: readonly Part[]): Gathered<Row> => {
  const strange = parts.flatMap((part) => strangeness(part, campaign, tool, parts[0]));
  if (strange.length > 0) return { problems: strange };
  const { of } = parts[0]?.head.shard ?? { of: 0 };
  const problems: string[] = [];
  const rows = new Map<string, Row>();
  for (let index = 1; index <= of; index += 1) {
    const holders = parts.filter(({ head }) => head.shard.index === index);
    const [part] = holders;
    if (part === undefined) problems.push(`part ${index}/${of} is missing`);
    else if (holders.length > 1)
      problems.push(
        `part ${index}/${of} is there ${holders.length} times: ${holders.map(({ file }) => file).join(', ')}`,
      );
    else problems.push(...take(part, campaign, rows));
  }
  return problems.length > 0 ? { problems } : { rows: inOrder(campaign, rows) };
};

/** Why a part cannot be of that work. */
const strangeness = (
  { file, head }: Part,
  campaign: Campaign,
  tool: string,
  first: Part | undefined,
): readonly string[] => {
  if (head.tool !== tool) return [`${file}: made by ${head.tool}, this is ${tool}`];
  if (head.kind !== campaign.kind || head.plan !== planOf(campaign))
    return [`${file}: of other work than ${first?.file}`];
  return head.shard.of === first?.head.shard.of
    ? []
    : [`${file}: one of ${head.shard.of} parts, ${first?.file} is one of ${first?.head.shard.of}`];
};

/** Takes the rows of a part, and says what is wrong with them. */
const take = <Row>(part: Part, campaign: Campaign<Row>, rows: Map<string, Row>): readonly string[] => {
  const { index, of } = part.head.shard;
  const units = unitsOf(campaign, part.head.shard);
  const missing = units.filter((unit) => !part.rows.has(unit));
  if (!part.whole || missing.length > 0)
    return [
      `part ${index}/${of} did not come to its end: missing: ${missing.length} of ${counted(units.length, 'unit')}, in ${part.file}; the same command goes on with it`,
    ];
  const problems: string[] = [];
  for (const [unit, value] of part.rows) {
    const row = campaign.row.safeParse(value);
    if (!units.includes(unit)) problems.push(`${part.file}: ${unit} belongs to another part`);
    else if (!row.success) problems.push(`${part.file}: what it says of ${unit} is damaged`);
    else rows.set(unit, row.data);
  }
  return problems;
};
