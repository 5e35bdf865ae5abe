/**
 * The evidence of a case, as links to files beside the page: with `--confirm`, those of every attempt with its verdict.
 */
import type { CaseResult } from '../../suite/verdict/results.js';
import { html, type Markup } from './markup.js';
import type { ReportedRun } from './report-input.js';
import { cell, head, rowHead, scrollingTable } from './table.js';
import { joined, verdictMark } from './verdict-mark.js';

export const attachmentsPart = ({ evidence, attempts }: CaseResult, run: ReportedRun): Markup | false => {
  if (attempts !== undefined) return attemptsTable(attempts, evidence, run);
  return evidence !== undefined && html`<h4>Evidence</h4><p class="links">${filesIn(evidence, run)}</p>`;
};

const attemptsTable = (
  attempts: NonNullable<CaseResult['attempts']>,
  shown: string | undefined,
  run: ReportedRun,
): Markup => {
  const rows = attempts.map(({ verdict, signature, sentence, evidence }, index) => {
    const isShown = evidence !== undefined && evidence === shown;
    return html`<tr>
${rowHead(html`${index + 1}${isShown && html` <span class="quiet">shown above</span>`}`)}
${cell(verdictMark(verdict))}
${cell(html`${sentence}${signature !== undefined && html` <code class="quiet">${signature}</code>`}`)}
<td class="links">${evidence === undefined ? 'not kept' : filesIn(evidence, run)}</td></tr>`;
  });
  return html`<h4>Evidence of each time</h4>
${scrollingTable({
  label: 'Each time that it was run',
  look: 'attempts',
  heads: ['Time', 'Verdict', 'Why', 'Files'].map(head),
  rows,
})}`;
};

/** Their directory, and a link to each that is there. */
const filesIn = (directory: string, { place, filesOf }: ReportedRun): Markup => {
  const path = `${place}${directory}`;
  const encoded = path.split('/').map(encodeName).join('/');
  const links = filesOf(directory).map((name) => html`<a href="${encoded}/${encodeName(name)}">${name}</a>`);
  return html`<code>${path}</code> ${joined(links, ' ')}`;
};

/** For a URL; half a character, which has no place in one, becomes the sign for that. */
const encodeName = (name: string): string => encodeURIComponent(Buffer.from(name).toString());
