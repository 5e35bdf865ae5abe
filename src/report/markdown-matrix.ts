/**
 * The matrix of implementations as Markdown: who was judged, then topics and requirements that differ, then what happened in each
 * difference, with the command that shows its packets.
 */
import type { Matrix, MatrixColumn, MatrixRow } from '../gate/matrix.js';
import { quoteForShell } from '../protocol/bytes/shell-word.js';
import { markdownCode, markdownText, tableRow } from './markdown-text.js';
import { agreementText, brokenByAll, cellText, dayText, differing, versionText } from './matrix-text.js';

export const writeMarkdownMatrix = (matrix: Matrix): string => {
  const { columns, topics, requirements } = matrix;
  return `${[
    tableRow('implementation', 'version', 'judged', 'green', 'miss a SHOULD', 'red', 'day', 'by'),
    tableRow(...Array.from({ length: 8 }, () => '---')),
    ...columns.map((column) => {
      const { counts, results } = column;
      const { judged, green, missed, red } = counts;
      const tool = markdownText(results.run.tool);
      return tableRow(
        nameOf(column),
        markdownText(versionText(column)),
        judged,
        green,
        missed,
        red,
        dayText(column),
        tool,
      );
    }),
    '',
    markdownText(agreementText(matrix)),
    ...table('Topics that differ', differing(topics), columns),
    ...table('Requirements that differ', differing(requirements), columns),
    ...table('What all of them break', brokenByAll(requirements), columns),
    '',
    '### What happened',
    '',
    'One case for each requirement and implementation. The command repeats it and keeps the packets.',
    ...differing(requirements).flatMap((row) => explain(row, columns)),
  ].join('\n')}\n`;
};

const nameOf = ({ subject }: MatrixColumn): string => markdownCode(subject.name);

const table = (title: string, rows: readonly MatrixRow[], columns: readonly MatrixColumn[]): readonly string[] =>
  rows.length === 0
    ? []
    : [
        '',
        `### ${title}`,
        '',
        tableRow('', ...columns.map(nameOf)),
        tableRow('---', ...columns.map(() => '---')),
        ...rows.map(({ name, cells }) =>
          tableRow(markdownCode(name), ...cells.map((cell) => markdownText(cellText(cell)))),
        ),
      ];

const explain = ({ name, statement, cells }: MatrixRow, columns: readonly MatrixColumn[]): readonly string[] => [
  '',
  `#### ${markdownText(name)}`,
  '',
  ...(statement === undefined ? [] : [`> ${markdownText(statement)}`, '']),
  ...cells.flatMap((cell, index) => {
    const column = columns[index];
    const { example } = cell;
    if (column === undefined || example === undefined) return [];
    const { subject, results } = column;
    const command = ['robe', 'run', example.id, '--iut', subject.name, '--seed', results.run.seed].map(quoteForShell);
    return [
      `- ${nameOf(column)}, ${markdownText(cellText(cell))}: ${markdownText(example.sentence)} ${markdownCode(command.join(' '))}`,
    ];
  }),
];
