/**
 * The cases that are not green: each with a part that describes and draws what happened, as long as the page stays within
 * its size limit. Causes take turns, so that each cause is shown before any is shown twice. Every other case has a row
 * with its cause; its evidence is complete.
 */
import { brokenInAll } from '../../gate/blamed.js';
import { causeOf } from '../../gate/cause.js';
import { briefly, type CasePart, casePart } from './case-part.js';
import { gather } from './gather.js';
import { html, type Markup } from './markup.js';
import type { HtmlReport, ReportCatalogue } from './report-input.js';
import { type Column, caseAnchor, hasOwnPart } from './subject-column.js';
import { verdictMark } from './verdict-mark.js';

/** Octets for all cases together, and for a row; parts get the rest, but at least this much. */
const mostForCases = 3_500_000;
const rowSize = 320;
const leastForParts = 900_000;

/** Most characters of the cause in a row. */
const mostForCause = 80;

/** Number of rows that a browser lays out together when they become visible. */
const rowsAtOnce = 50;

type Listed = Pick<CasePart, 'gated' | 'column' | 'anchor' | 'broken'>;

export const casesPart = ({ runs, catalogue }: HtmlReport, columns: readonly Column[]): Markup => {
  const broken = new Map(
    runs.flatMap(({ results }) => brokenInAll(results.cases)).map((each) => [each.result, [...each.broken]] as const),
  );
  const listed = columns.flatMap((column) =>
    column.cases.filter(hasOwnPart).map((gated) => ({
      gated,
      column,
      anchor: caseAnchor(columns, column, gated.result.id),
      broken: broken.get(gated.result) ?? [],
    })),
  );
  const parts = renderInTurn(listed, catalogue, columns);
  const rest = listed.filter((each) => !parts.has(each));
  return html`<section id="cases" aria-labelledby="cases-title">
<h2 id="cases-title">Cases that are not green</h2>
${listed.length === 0 && html`<p>There are none.</p>`}
${listed.map((each) => parts.get(each))}
${
  rest.length > 0 &&
  html`<h3>${rest.length} more</h3><p class="quiet">So that the page stays small they have a row each; others of the same cause stand above. Their evidence has everything.</p>
${inChunks(rest, rowsAtOnce).map((chunk) => html`<ul class="plain brief topic f-group">${chunk.map((each) => caseRow(each, catalogue, columns))}</ul>`)}`
}
</section>`;
};

/** Whole parts, causes in turn, until their room is used up. */
const renderInTurn = <T extends Listed>(
  listed: readonly T[],
  catalogue: ReportCatalogue | undefined,
  columns: readonly Column[],
): ReadonlyMap<T, Markup> => {
  const [first] = listed;
  const parts = new Map<T, Markup>();
  let room = Math.max(leastForParts, mostForCases - listed.length * rowSize);
  for (const each of inTurn(listed)) {
    if (room <= 0) break;
    const directory = each.gated.result.evidence;
    const evidence = directory === undefined ? undefined : each.column.run.evidenceOf(directory);
    const missing = directory !== undefined && evidence === undefined;
    const part = casePart(
      {
        ...each,
        evidence,
        open: each === first,
        without: missing
          ? 'Its evidence was not there when this page was made, so there is no picture of it.'
          : undefined,
      },
      catalogue,
      columns,
    );
    room -= part.text.length;
    parts.set(each, part);
  }
  return parts;
};

/** The first of each cause, then the second of each, and so on. */
const inTurn = <T extends Listed>(listed: readonly T[]): readonly T[] => {
  const groups = gather(listed, ({ gated: { result } }) => result.signature ?? result.sentence);
  const ranks = new Map([...groups.values()].flatMap((group) => group.map((each, rank) => [each, rank] as const)));
  return [...listed].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
};

const caseRow = (
  { gated, column, anchor }: Listed,
  catalogue: ReportCatalogue | undefined,
  columns: readonly Column[],
): Markup => {
  const { id, verdict, role } = gated.result;
  const profiles = catalogue?.cases.find((each) => each.id === id)?.profiles.join(' ');
  const subject = columns.length > 1 && html` <span class="quiet">${column.title}</span>`;
  return html`<li class="f" id="${anchor}" data-v="${verdict}" data-r="${role}" data-p="${profiles}"
 data-s="${columns.indexOf(column)}">${verdictMark(verdict)} <code>${id}</code>${subject} ${briefly(causeOf(gated), mostForCause)}</li>`;
};

const inChunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
