/**
 * The HTML report: one file, nothing from the network, readable without script. Parts in the order in which a reader needs
 * them, the answer first. The content security policy allows the page's own style and its own script, named by its hash,
 * and nothing else.
 *
 * Cases that are green have a row in the catalogue, those that are not a part of their own.
 */
import { createHash } from 'node:crypto';
import { gateSentence } from '../../gate/sentence.js';
import { pageScript, pageStyle } from './assets.js';
import { casesPart } from './cases-part.js';
import { cataloguePart } from './catalogue-part.js';
import { claimsPart } from './claims-part.js';
import { areComparable, comparisonPart } from './comparison-part.js';
import { environmentPart } from './environment-part.js';
import { experimentsPart } from './experiments-part.js';
import { filterPart } from './filter-part.js';
import { gatePart } from './gate-part.js';
import { identityLine } from './identity.js';
import { html, Markup } from './markup.js';
import type { HtmlReport } from './report-input.js';
import { requirementPart } from './requirement-part.js';
import { type Column, columnsOf } from './subject-column.js';
import { verdictMark, verdictMeanings } from './verdict-mark.js';

export const writeHtml = (report: HtmlReport): string => {
  const columns = columnsOf(report.runs);
  const [first] = report.runs;
  const title = `RobE conformance: ${columns.map((column) => column.title).join(', ')}`;
  const sentence = first === undefined ? 'Nothing was run.' : gateSentence(first.gate);
  const script = pageScript();
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${sentence}">
<title>${title}</title>
<style>${Markup.trusted(pageStyle())}</style>
</head>
<body>
<svg width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs></svg>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>RobE conformance</h1>
<p class="subjects">${subjectsText(columns)}</p>
${identityLine(first, report.catalogue)}
<nav aria-label="Parts"><ul>${navigation(columns, report).map(([anchor, name]) => html`<li><a href="#${anchor}">${name}</a></li>`)}</ul></nav>
${filterPart(columns)}
</header>
<main id="main" tabindex="-1">
${gatePart(report, columns)}
${requirementPart(report.catalogue, columns)}
${claimsPart(columns, report.catalogue)}
${casesPart(report, columns)}
${comparisonPart(columns, report.catalogue, report.comparison)}
${experimentsPart(report.experiments ?? [])}
${environmentPart(report)}
${cataloguePart(report.catalogue, columns)}
</main>
<footer><p>${first?.results.run.tool ?? ''}, run ${first?.results.run.id ?? ''} of ${first?.results.run.began ?? ''}, seed ${first?.results.run.seed ?? ''}</p>
<dl class="meanings">${verdictMeanings.map(([verdict, meaning]) => html`<div><dt>${verdictMark(verdict)}</dt><dd>${meaning}</dd></div>`)}</dl></footer>
<script>${Markup.trusted(script)}</script>
</body>
</html>
`;
  return page.text;
};

const subjectsText = (columns: readonly Column[]): string => {
  const named = columns.map(({ title, subject }) =>
    subject.implementation === undefined ? title : `${title} (${subject.implementation})`,
  );
  return named.length > 4 ? `${named.slice(0, 3).join(', ')} and ${named.length - 3} more` : named.join(', ');
};

const navigation = (
  columns: readonly Column[],
  { experiments = [], comparison }: HtmlReport,
): readonly (readonly [anchor: string, name: string])[] => [
  ['gate', 'Result'],
  ['causes', 'Causes'],
  ['requirements', 'Requirements'],
  ['claims', 'Claims'],
  ['cases', 'Cases'],
  ...(areComparable(columns, comparison) ? [['comparison', 'Side by side'] as const] : []),
  ...(experiments.length > 0 ? [['experiments', 'Experiments'] as const] : []),
  ['environment', 'Environment'],
  ['catalogue', 'Catalogue'],
];
