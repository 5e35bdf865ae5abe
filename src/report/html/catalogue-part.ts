/**
 * Every case, run or not: its title, its requirements, and the verdict of each of its expansions. One row an authored
 * case; an expansion with a part of its own on the page is a link to it. Thousands of rows are in the page as data, and
 * the script makes the rows of a topic when it is opened: a browser needs seconds for all of them.
 */
import type { GatedCase } from '../../gate/gate.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { counted } from '../../suite/verdict/counted.js';
import { gather } from './gather.js';
import { html, jsonData, type Markup } from './markup.js';
import type { ReportCatalogue } from './report-input.js';
import { anchorText, type Column, caseAnchor, hasOwnPart, requirementAnchor } from './subject-column.js';
import { head, rowHead, scrollingTable } from './table.js';
import { joined, verdictChip } from './verdict-mark.js';

/** The row of an authored case. */
export const catalogueAnchor = (authoredId: string): string => `catalogue/${anchorText(authoredId)}`;

/** Most rows that a page has as HTML. */
const mostRows = 2000;

interface Outcome {
  readonly gated: GatedCase;
  readonly column: Column;
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly why?: string | undefined;
  readonly requirements: readonly string[];
  readonly role: string;
  readonly profiles: readonly string[];
  readonly outcomes: Outcome[];
}

export const cataloguePart = (catalogue: ReportCatalogue | undefined, columns: readonly Column[]): Markup => {
  const entries = entriesOf(catalogue, columns);
  const topics = gather(entries, ({ id }) => topicOf(id));
  const part = entries.length > mostRows ? topicData : topicTable;
  return html`<section id="catalogue" aria-labelledby="catalogue-title">
<h2 id="catalogue-title">Catalogue</h2>
<p>${counted(entries.length, 'case')}${catalogue !== undefined && ` with ${counted(catalogue.cases.length, 'expansion')}`}, run or not. <span class="only-script">The filter at the top of the page applies here, too.</span></p>
${entries.length > mostRows && html`<noscript><p>So many rows are made by script only; <code>results.json</code> has all of them.</p></noscript>`}
${[...topics].map(([topic, rows]) => part(topic, rows, columns, catalogue))}
<p class="nothing" hidden>No case has all that the filter asks for.</p>
</section>`;
};

/** `mptcp.server` of `mptcp.server.wrong-key-echo`. */
const topicOf = (id: string): string => id.split('.').slice(0, 2).join('.');

const entriesOf = (catalogue: ReportCatalogue | undefined, columns: readonly Column[]): readonly Entry[] => {
  const authored = new Map((catalogue?.cases ?? []).map((each) => [each.id, each]));
  const entries = new Map<string, Entry>();
  for (const each of authored.values()) if (!entries.has(each.authoredId)) entries.set(each.authoredId, entryOf(each));
  for (const column of columns) {
    for (const gated of column.cases) {
      const { result } = gated;
      const id = authored.get(result.id)?.authoredId ?? result.id;
      const known = entries.get(id);
      const { title, requirements, role } = result;
      if (known !== undefined) known.outcomes.push({ gated, column });
      else entries.set(id, { id, title, requirements, role, profiles: [], outcomes: [{ gated, column }] });
    }
  }
  return [...entries.values()];
};

const entryOf = ({ authoredId, title, why, requirements, role, profiles }: ExpandedCase): Entry => ({
  id: authoredId,
  title,
  why,
  requirements,
  role,
  profiles,
  outcomes: [],
});

const topicTable = (
  topic: string,
  rows: readonly Entry[],
  columns: readonly Column[],
  catalogue: ReportCatalogue | undefined,
): Markup => html`<div class="topic f-group"><h3>${topic}</h3>
${scrollingTable({
  label: `Cases of ${topic}`,
  look: 'matrix',
  heads: ['Case', 'Stands on', 'Outcome'].map(head),
  rows: rows.map((entry) => entryRow(entry, columns, catalogue)),
})}</div>`;

/** The same folded, with the rows as data: see `catalogue` in the script. */
const topicData = (topic: string, rows: readonly Entry[], columns: readonly Column[]): Markup =>
  html`<details class="topic lazy"><summary><span class="name">${topic}</span> <span class="quiet count">${counted(rows.length, 'case')}</span></summary>
<script type="application/json" class="rows">${jsonData(rows.map((entry) => entryData(entry, columns)))}</script>
${scrollingTable({ label: `Cases of ${topic}`, look: 'matrix', heads: ['Case', 'Stands on', 'Outcome'].map(head), rows: [] })}</details>`;

/** Id, title, why, requirements, role, profiles; then by implementation its place, and of each outcome verdict, text, anchor. */
const entryData = ({ id, title, why, requirements, role, profiles, outcomes }: Entry, columns: readonly Column[]) => [
  id,
  title,
  why ?? '',
  requirements,
  role,
  profiles.join(' '),
  [...gather(outcomes, ({ column }) => column)].map(([column, own]) => [
    columns.indexOf(column),
    ...own.map(({ gated }) => outcomeData(gated, column, id, columns)),
  ]),
];

const outcomeData = (gated: GatedCase, column: Column, authoredId: string, columns: readonly Column[]) => {
  const { result } = gated;
  const told = [result.verdict, outcomeText(gated, authoredId)];
  return hasOwnPart(gated) ? [...told, caseAnchor(columns, column, result.id)] : told;
};

const entryRow = (entry: Entry, columns: readonly Column[], catalogue: ReportCatalogue | undefined): Markup => {
  const { id, title, why, requirements, role, profiles, outcomes } = entry;
  const verdicts = [...new Set(outcomes.map(({ gated }) => gated.result.verdict))];
  const subjects = [...new Set(outcomes.map(({ column }) => columns.indexOf(column)))];
  const links = requirements.map((each) =>
    catalogue?.requirements.has(each) === true
      ? html`<a href="#${requirementAnchor(each)}">${each}</a>`
      : html`<span>${each}</span>`,
  );
  const reason = why !== undefined && html`<span class="quiet">${why}</span>`;
  return html`<tr id="${catalogueAnchor(id)}" class="f" data-v="${verdicts.join(' ') || 'not-run'}"
 data-r="${role}" data-p="${profiles.join(' ')}" data-s="${subjects.join(' ')}">
${rowHead(html`<code>${id}</code><span class="statement">${title}</span>${reason}`)}
<td class="ids">${joined(links, ' ')}</td>
<td class="chips">${outcomes.length === 0 ? html`<span class="quiet">not selected</span>` : outcomeChips(entry, columns)}</td></tr>`;
};

/** Grouped by implementation where there are several. */
const outcomeChips = ({ id, outcomes }: Entry, columns: readonly Column[]): Markup => {
  const groups = gather(outcomes, ({ column }) => column);
  return html`${[...groups].map(
    ([column, own]) =>
      html`<span class="line">${columns.length > 1 && html`<span class="quiet">${column.title}</span> `}${joined(
        own.map(({ gated }) => outcomeChip(gated, column, id, columns)),
        ' ',
      )}</span>`,
  )}`;
};

const outcomeChip = (gated: GatedCase, column: Column, authoredId: string, columns: readonly Column[]): Markup => {
  const { result } = gated;
  const link = hasOwnPart(gated) ? caseAnchor(columns, column, result.id) : undefined;
  return verdictChip(result.verdict, outcomeText(gated, authoredId), link);
};

const outcomeText = ({ result }: GatedCase, authoredId: string): string => {
  const suffix = result.id.startsWith(`${authoredId}.`) ? result.id.slice(authoredId.length + 1) : result.verdict;
  return result.observation === undefined ? suffix : `${suffix}: ${result.observation}`;
};
