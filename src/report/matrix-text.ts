/** Words that every form of the matrix of implementations uses. */

import type { Matrix, MatrixCell, MatrixColumn, MatrixRow, State } from '../gate/matrix.js';
import { printable } from '../protocol/bytes/printable.js';
import { counted } from '../suite/verdict/counted.js';

const stateWords: Readonly<Record<State, string>> = {
  absent: '–',
  kept: 'kept',
  missed: 'misses a SHOULD',
  unreached: 'not reached',
  unclear: 'unclear',
  broken: 'broken',
};

export const cellText = ({ state, asked, so }: MatrixCell): string =>
  state === 'absent' || (state === 'kept' && asked === so) ? stateWords[state] : `${stateWords[state]} ${so}/${asked}`;

/** Its own name and version, or those of its kernel. */
export const versionText = ({ subject }: MatrixColumn): string =>
  subject.implementation ?? subject.facts['kernel'] ?? '';

export const dayText = ({ results }: MatrixColumn): string => results.run.began.slice(0, 'yyyy-mm-dd'.length);

export const differing = (rows: readonly MatrixRow[]): readonly MatrixRow[] => rows.filter(({ differs }) => differs);

/** Every implementation to which it applies breaks it. */
export const brokenByAll = (rows: readonly MatrixRow[]): readonly MatrixRow[] =>
  rows.filter(({ differs, cells }) => !differs && cells.some(({ state }) => state === 'broken'));

export const agreementText = ({ requirements, columns }: Matrix): string => {
  const apart = differing(requirements).length;
  return `${counted(requirements.length, 'requirement')}, of which ${apart} come out otherwise in one of ${counted(columns.length, 'implementation')} than in another.`;
};

/** For a terminal: who was judged, and each topic and requirement that differs, a line each. */
export const matrixLines = (matrix: Matrix): readonly string[] => {
  const { columns, topics, requirements } = matrix;
  const rows = [...differing(topics), ...differing(requirements)];
  const titles = columns.map(({ subject }) => printable(subject.name));
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...rows.map(({ cells }) => textAt(cells, index).length)),
  );
  const first = Math.max(0, ...rows.map(({ name }) => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(first), ...cells.map((cell, index) => cell.padEnd(widths[index] ?? 0))].join('  ').trimEnd();
  return [
    ...columns.map((column) => {
      const { judged, green, missed, red } = column.counts;
      const version = printable(versionText(column));
      return `${printable(column.subject.name)}${version === '' ? '' : ` (${version})`}: ${judged} judged, ${green} green, ${missed} miss a SHOULD, ${red} red`;
    }),
    agreementText(matrix),
    ...(rows.length === 0 ? [] : ['', line('', titles)]),
    ...rows.map(({ name, cells }) =>
      line(
        name,
        titles.map((_, index) => textAt(cells, index)),
      ),
    ),
  ];
};

const textAt = (cells: readonly MatrixCell[], index: number): string => {
  const cell = cells[index];
  return cell === undefined ? '' : cellText(cell);
};
