/** Several implementations side by side: requirement by requirement, then the cases in which they differ. */
import { type Change, type Comparison, changes, type Difference, worsening } from '../../gate/compare.js';
import type { GatedCase } from '../../gate/gate.js';
import { standRequirements } from '../../gate/requirement-standing.js';
import { measureCoverage } from '../../suite/catalogue/coverage.js';
import { counted } from '../../suite/verdict/counted.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import { outcomeText, tellCounts, versionNote } from '../comparison-lines.js';
import { gather } from './gather.js';
import { html, type Markup } from './markup.js';
import type { ReportCatalogue } from './report-input.js';
import { rollUp, verdictsByRequirement } from './requirement-part.js';
import { type Column, caseAnchor, hasOwnPart, requirementAnchor } from './subject-column.js';
import { cell, head, numberCell, numberHead, rowHead, scrollingTable } from './table.js';
import { verdictMark, verdictWord } from './verdict-mark.js';

export const comparisonPart = (
  columns: readonly Column[],
  catalogue: ReportCatalogue | undefined,
  comparison: Comparison | undefined,
): Markup | false => {
  if (!areComparable(columns, comparison)) return false;
  return html`<section id="comparison" aria-labelledby="comparison-title">
<h2 id="comparison-title">Implementations side by side</h2>
${comparison !== undefined && changesTable(comparison)}
${totalsTable(columns)}
${catalogue !== undefined && requirementTable(columns, catalogue)}
${caseTable(columns)}
</section>`;
};

/** Whether there is a comparison: an earlier run, or cases that were judged for more than one implementation. */
export const areComparable = (columns: readonly Column[], comparison: Comparison | undefined): boolean => {
  if (comparison !== undefined) return true;
  const judged = columns.flatMap(({ cases }) =>
    cases.flatMap(({ result }) => (result.verdict === 'not-applicable' ? [] : [result.id])),
  );
  return new Set(judged).size < judged.length;
};

const heads = (columns: readonly Column[]): Markup =>
  html`${columns.map(({ title }) => html`<th scope="col" class="subject"><span>${title}</span></th>`)}`;

const shownVerdicts: readonly Verdict[] = [
  'pass',
  'info',
  'nonstrict',
  'inconclusive',
  'fail',
  'unsupported',
  'error',
  'not-run',
  'not-applicable',
];

const totalsTable = (columns: readonly Column[]): Markup => {
  const count = ({ cases }: Column, verdict: Verdict): number =>
    cases.filter(({ result }) => result.verdict === verdict).length;
  const used = shownVerdicts.filter((verdict) => columns.some((column) => count(column, verdict) > 0));
  return scrollingTable({
    label: 'Verdicts by implementation',
    look: 'counts',
    caption: 'Verdicts',
    heads: [head('Implementation'), ...used.map((verdict) => numberHead(verdictWord(verdict)))],
    rows: columns.map((column) => {
      const counts = used.map((verdict) => numberCell(count(column, verdict) || '·'));
      return html`<tr>${rowHead(column.title)}${counts}</tr>`;
    }),
  });
};

/** Only requirements that were judged for several implementations, and came out differently. */
const requirementTable = (columns: readonly Column[], catalogue: ReportCatalogue): Markup => {
  const verdicts = columns.map((column) => verdictsByRequirement([column]));
  const standings = columns.map(({ cases }) => standRequirements(cases.map(({ result }) => result)));
  const rows = measureCoverage(catalogue, catalogue.cases)
    .byRequirement.map((covered) => ({
      id: covered.requirement.id,
      statement: covered.requirement.statement,
      rollups: verdicts.map((each, index) =>
        rollUp(covered, each.get(covered.requirement.id) ?? [], standings[index]?.get(covered.requirement.id)),
      ),
    }))
    .filter(({ rollups }) => {
      const judged = rollups.filter((each) => each.judged > 0);
      return new Set(judged.map(({ word }) => word)).size > 1;
    });
  if (rows.length === 0) return html`<p>No requirement came out differently.</p>`;
  const count = `${rows.length} that came out differently`;
  return html`<details class="part" open><summary><h3>Requirements</h3> <span class="quiet">${count}</span></summary>
${scrollingTable({
  label: 'Requirements by implementation',
  look: 'grid',
  heads: [head('Requirement'), heads(columns)],
  rows: rows.map(({ id, statement, rollups }) => {
    const different = [...new Set(rollups.map(({ verdict }) => verdict))];
    const outcomes = rollups.map(({ word, verdict, judged }) =>
      cell(judged === 0 ? notJudged : html`<b class="v ${verdict}">${word}</b>`),
    );
    return html`<tr class="f" data-v="${different.join(' ')}">
<th scope="row" title="${statement}"><a href="#${requirementAnchor(id)}"><code>${id}</code></a></th>${outcomes}</tr>`;
  }),
})}</details>`;
};

/** Cases that came out differently where they were judged. */
const caseTable = (columns: readonly Column[]): Markup => {
  const byId = gather(
    columns.flatMap((column) => column.cases.map((gated) => ({ column, gated }))),
    ({ gated }) => gated.result.id,
  );
  const judged = [...byId].map(([id, outcomes]) => ({
    id,
    outcomes: new Map(
      outcomes
        .filter(({ gated }) => gated.result.verdict !== 'not-applicable')
        .map(({ column, gated }) => [column, gated]),
    ),
  }));
  const shared = judged.filter(({ outcomes }) => outcomes.size > 1);
  const differing = shared.filter(
    ({ outcomes }) => new Set([...outcomes.values()].map(({ result }) => outcomeText(result))).size > 1,
  );
  const summary = html`Judged for more than one implementation: ${counted(shared.length, 'case')}, of which ${differing.length} came out differently.`;
  if (differing.length === 0) return html`<p>${summary}</p>`;
  return html`<h3>Cases that differ</h3><p>${summary}</p>
${scrollingTable({
  label: 'Cases by implementation',
  look: 'grid',
  heads: [head('Case'), heads(columns)],
  rows: differing.map(({ id, outcomes }) => {
    const verdicts = [...new Set([...outcomes.values()].map(({ result }) => result.verdict))];
    const shown = columns.map((column) => cell(outcomeIn(column, columns, id, outcomes.get(column))));
    return html`<tr class="f" data-v="${verdicts.join(' ')}">${rowHead(html`<code>${id}</code>`)}${shown}</tr>`;
  }),
})}`;
};

const notJudged = html`<span class="quiet">–</span>`;

/** The result of a case in one column, with a link to its part, if it has one. */
const outcomeIn = (column: Column, columns: readonly Column[], id: string, gated: GatedCase | undefined): Markup => {
  if (gated === undefined) return notJudged;
  const { observation, verdict } = gated.result;
  const text = observation ?? verdictWord(verdict);
  return hasOwnPart(gated)
    ? html`<a class="v ${verdict}" href="#${caseAnchor(columns, column, id)}">${text}</a>`
    : html`<b class="v ${verdict}">${text}</b>`;
};

/** What changed from the earlier run to the later one. */
const changesTable = ({ before, after, differences, counts }: Comparison): Markup => {
  const told = changes.filter((change) => change !== 'same' && counts[change] > 0);
  return html`<p>From run <code>${before.run.id}</code> (${before.run.tool}) to run <code>${after.run.id}</code> (${after.run.tool}): ${tellCounts(counts)}.</p>
${told.map((change) => changeTable(change, differences))}`;
};

/** Worse results are unfolded, the others folded. */
const changeTable = (change: Change, differences: readonly Difference[]): Markup => {
  const rows = differences.filter((each) => each.change === change);
  const count = counted(rows.length, 'case');
  return html`<details class="part"${worsening.includes(change) && html` open`}>
<summary><h3>${change.replaceAll('-', ' ')}</h3> <span class="quiet">${count}</span></summary>
${scrollingTable({
  label: `Cases: ${change}`,
  look: 'matrix changes',
  heads: ['Case', 'Before', 'After', 'Why'].map(head),
  rows: rows.map((each) => {
    const why = [each.after?.sentence ?? '', versionNote(each)].filter((text) => text !== '').join('; ');
    return html`<tr>${rowHead(html`<code>${each.id}</code><span class="quiet">${each.subject}</span>`)}
${[outcome(each.before), outcome(each.after), why].map(cell)}</tr>`;
  }),
})}</details>`;
};

const outcome = (result: CaseResult | undefined): Markup =>
  result === undefined
    ? html`<span class="quiet">not there</span>`
    : html`${verdictMark(result.verdict)}<br><code>${result.signature ?? result.observation}</code>`;
