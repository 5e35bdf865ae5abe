/**
 * The matrix of implementations as a page of its own: rows that differ first, each cell that is not kept a link to the case in that
 * run's report, where the packets are. One file, nothing from the network, no script.
 */
import type { Matrix, MatrixCell, MatrixColumn, MatrixRow, State } from '../../gate/matrix.js';
import { agreementText, brokenByAll, cellText, dayText, differing, versionText } from '../matrix-text.js';
import { type Content, html, Markup } from './markup.js';
import { anchorText } from './subject-column.js';

/** `placeOf` gives the address of a run's report, relative to the page; undefined where there is none. */
export const writeMatrixPage = (matrix: Matrix, placeOf: (column: MatrixColumn) => string | undefined): string => {
  const { columns, topics, requirements } = matrix;
  const title = `RobE conformance: ${columns.map(({ subject }) => subject.name).join(', ')}`;
  const part = (name: string, rows: readonly MatrixRow[]): Content =>
    rows.length > 0 && html`<h2>${name}</h2>${table(rows, columns, placeOf)}`;
  return `${
    html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${Markup.trusted(style)}</style>
</head>
<body>
<main>
<h1>Implementations side by side</h1>
<table><caption>Who was judged</caption>
<thead><tr>${['implementation', 'version', 'judged', 'green', 'miss a SHOULD', 'red', 'day', 'by'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${columns.map((column) => who(column))}</tbody></table>
<p>${agreementText(matrix)} A number such as 2/8 says how many of the cases that ask came out so.</p>
${part('Topics that differ', differing(topics))}
${part('Requirements that differ', differing(requirements))}
${part('What all of them break', brokenByAll(requirements))}
${part('All topics', topics)}
</main>
</body>
</html>`.text
  }\n`;
};

const who = (column: MatrixColumn): Markup => {
  const { subject, counts, results } = column;
  return html`<tr><th scope="row">${subject.name}</th><td>${versionText(column)}</td><td>${counts.judged}</td><td>${counts.green}</td><td>${counts.missed}</td><td>${counts.red}</td><td>${dayText(column)}</td><td>${results.run.tool}</td></tr>`;
};

const table = (
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[],
  placeOf: (column: MatrixColumn) => string | undefined,
): Markup => html`<div class="wide"><table>
<thead><tr><td></td>${columns.map(({ subject }) => html`<th scope="col">${subject.name}</th>`)}</tr></thead>
<tbody>${rows.map(
  ({ name, statement, cells }) =>
    html`<tr><th scope="row" title="${statement ?? ''}">${name}</th>${cells.map((cell, index) => cellOf(cell, columns[index], placeOf))}</tr>`,
)}</tbody></table></div>`;

const marks: Readonly<Record<State, string>> = {
  absent: '',
  kept: '✓ ',
  missed: '△ ',
  unreached: '… ',
  unclear: '? ',
  broken: '✗ ',
};

const cellOf = (
  cell: MatrixCell,
  column: MatrixColumn | undefined,
  placeOf: (column: MatrixColumn) => string | undefined,
): Markup => {
  const text = `${marks[cell.state]}${cellText(cell)}`;
  const place = column === undefined ? undefined : placeOf(column);
  const { example } = cell;
  if (example === undefined || place === undefined || column === undefined)
    return html`<td class="${cell.state}">${text}</td>`;
  const several = column.results.subjects.length > 1 ? `@${anchorText(column.subject.name)}` : '';
  const address = `${place}#case/${anchorText(example.id)}${several}`;
  return html`<td class="${cell.state}"><a href="${address}" title="${example.id}: ${example.sentence}">${text}</a></td>`;
};

const style = `
:root { font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: bold; }
th, td { border: 1px solid #8886; padding: 0.2rem 0.6rem; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: Canvas; }
.broken { background: #d22c; color: #fff; }
.broken a { color: #fff; }
.missed { background: #da26; }
.unclear, .unreached { background: #8883; }
`;
