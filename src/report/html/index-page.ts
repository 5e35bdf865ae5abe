/**
 * An index over the runs of one start: the implementations, their results by level, and links to their reports. No
 * script.
 */

import { levelCounts } from '../levels.js';
import { reportedCauses } from '../reported-cause.js';
import type { RunReport } from '../reported-test.js';
import { meaning, tell } from '../summary.js';
import { pageStyle } from './assets.js';
import { html, Markup } from './markup.js';
import { cell, head, numberCell, numberHead, rowHead, scrollingTable } from './table.js';

export interface IndexedRun {
  readonly name: string;
  /** Absent: it was left out. */
  readonly run?: { readonly report: RunReport; readonly href: string };
  /** A remark: why it was left out, or what its findings mean. */
  readonly note?: string | undefined;
}

export const writeIndex = (title: string, runs: readonly IndexedRun[]): string => {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${Markup.trusted(pageStyle())}</style>
</head>
<body class="index">
<header><h1>${title}</h1></header>
<main>
${scrollingTable({
  label: 'Runs',
  look: 'matrix',
  heads: [head('Implementation'), head('Result'), numberHead('Causes'), head('Levels')],
  rows: runs.map(rowOf),
})}
</main>
</body>
</html>
`.text;
};

const rowOf = ({ name, run, note }: IndexedRun): Markup => {
  const remark = note !== undefined && html`<span class="quiet">${note}</span>`;
  if (run === undefined)
    return html`<tr>${rowHead(name)}${cell(html`not judged ${remark}`)}${cell('')}${cell('')}</tr>`;
  const { report, href } = run;
  const { results, gate, register } = report;
  const causes = reportedCauses(gate.cases, register).filter(({ cause }) => cause.verdict === 'fail').length;
  const levels = levelCounts(results.cases, register).map(
    ({ level, kept, broken, 'not-reached': blocked }) =>
      html`<span class="line">${level}: ${kept} kept, ${broken} broken, ${blocked} not reached</span>`,
  );
  return html`<tr>${rowHead(html`<a href="${href}">${name}</a>`)}
${cell(html`${meaning(results)} <span class="quiet">${tell(results.totals)}</span> ${remark}`)}${numberCell(causes)}
<td class="chips">${levels}</td></tr>`;
};
