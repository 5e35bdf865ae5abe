/** What changed between two runs, as Markdown: counts, then a table for each kind of change. */
import { type Comparison, changes, type Difference, worsening } from '../gate/compare.js';
import { counted } from '../suite/verdict/counted.js';
import { outcomeText, tellCounts, versionNote } from './comparison-lines.js';
import { markdownCode, markdownText, tableRow } from './markdown-text.js';

export const writeMarkdownComparison = ({ before, after, differences, counts }: Comparison): string => {
  const worse = worsening.some((change) => counts[change] > 0);
  const lines = [
    `## ${worse ? '❌' : '✅'} ${markdownText(`${counted(differences.length, 'case')}: ${tellCounts(counts)}`)}`,
    '',
    markdownText(`From run ${before.run.id} (${before.run.tool}) to run ${after.run.id} (${after.run.tool}).`),
    ...changes.filter((change) => change !== 'same').flatMap((change) => table(change, differences)),
  ];
  return `${lines.join('\n')}\n`;
};

const table = (change: Difference['change'], differences: readonly Difference[]): readonly string[] => {
  const rows = differences.filter((each) => each.change === change).map(row);
  if (rows.length === 0) return [];
  return [
    '',
    `### ${change}`,
    '',
    tableRow('case', 'of', 'before', 'after', 'why'),
    tableRow('---', '---', '---', '---', '---'),
    ...rows,
  ];
};

const row = (difference: Difference): string =>
  tableRow(
    markdownCode(difference.id),
    markdownCode(difference.subject),
    markdownText(outcomeText(difference.before)),
    markdownText(outcomeText(difference.after)),
    markdownText([difference.after?.sentence ?? '', versionNote(difference)].filter((each) => each !== '').join('; ')),
  );
