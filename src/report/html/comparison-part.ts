/** Several implementations side by side: requirement by requirement, then the cases in which they differ. */
import { type Change, type Comparison, changes, type Difference, worsening } from '../../gate/compare.js';
import { measureCoverage } from '../../suite/catalogue/coverage.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import { outcomeText, tellCounts, versionNote } from '../comparison-lines.js';
import { gather } from './gather.js';
import { html, type Markup } from './markup.js';
import type { ReportCatalogue } from './report-input.js';
import { rollUp, verdictsByRequirement } from './requirement-part.js';
import { type Column, caseAnchor, hasOwnPart, requirementAnchor } from './subject-column.js';
import { verdictMark, verdictWord } from './verdict-mark.js';

export const comparisonPart = (
  columns: readonly Column[],
  catalogue: ReportCatalogue | undefined,
  comparison: Comparison | undefined,
): Markup | false => {
  if (columns.length < 2) return false;
  return html`<section id="comparison" aria-labelledby="comparison-title">
<h2 id="comparison-title">Implementations side by side</h2>
${comparison !== undefined && changesTable(comparison)}
${totalsTable(columns)}
${catalogue !== undefined && requirementTable(columns, catalogue)}
${caseTable(columns)}
</section>`;
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
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Verdicts by implementation"><table class="counts"><caption>Verdicts</caption><thead><tr><th scope="col">Implementation</th>${used.map((verdict) => html`<th scope="col" class="n">${verdictWord(verdict)}</th>`)}</tr></thead>
<tbody>${columns.map((column) => html`<tr><th scope="row">${column.title}</th>${used.map((verdict) => html`<td class="n">${count(column, verdict) || '·'}</td>`)}</tr>`)}</tbody></table></div>`;
};

/** Only requirements that were judged for some implementation. */
const requirementTable = (columns: readonly Column[], catalogue: ReportCatalogue): Markup => {
  const verdicts = columns.map((column) => verdictsByRequirement([column]));
  const rows = measureCoverage(catalogue, catalogue.cases)
    .byRequirement.map((covered) => ({
      id: covered.requirement.id,
      statement: covered.requirement.statement,
      rollups: verdicts.map((each) => rollUp(covered, each.get(covered.requirement.id) ?? [])),
    }))
    .filter(({ rollups }) => rollups.some(({ judged }) => judged > 0));
  return html`<details class="part" open><summary><h3>Requirements</h3> <span class="quiet">${rows.length} that were judged for at least one implementation</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="Requirements by implementation"><table class="grid"><thead><tr><th scope="col">Requirement</th>${heads(columns)}</tr></thead>
<tbody>${rows.map(({ id, statement, rollups }) => html`<tr class="f" data-v="${[...new Set(rollups.map(({ verdict }) => verdict))].join(' ')}"><th scope="row" title="${statement}"><a href="#${requirementAnchor(id)}"><code>${id}</code></a></th>${rollups.map(({ word, verdict, judged }) => (judged === 0 ? html`<td><span class="quiet">–</span></td>` : html`<td><b class="v ${verdict}">${word}</b></td>`))}</tr>`)}</tbody></table></div></details>`;
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
  const summary = html`${shared.length} cases were judged for more than one implementation; ${differing.length} of them came out differently.`;
  if (differing.length === 0) return html`<p>${summary}</p>`;
  return html`<h3>Cases that differ</h3><p>${summary}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Cases by implementation"><table class="grid"><thead><tr><th scope="col">Case</th>${heads(columns)}</tr></thead>
<tbody>${differing.map(
    ({ id, outcomes }) =>
      html`<tr class="f" data-v="${[...new Set([...outcomes.values()].map(({ result }) => result.verdict))].join(' ')}"><th scope="row"><code>${id}</code></th>${columns.map(
        (column) => {
          const gated = outcomes.get(column);
          if (gated === undefined) return html`<td><span class="quiet">–</span></td>`;
          const text = gated.result.observation ?? verdictWord(gated.result.verdict);
          return hasOwnPart(gated)
            ? html`<td><a class="v ${gated.result.verdict}" href="#${caseAnchor(columns, column, id)}">${text}</a></td>`
            : html`<td><b class="v ${gated.result.verdict}">${text}</b></td>`;
        },
      )}</tr>`,
  )}</tbody></table></div>`;
};

/** What changed from the earlier run to the later one. */
const changesTable = ({ before, after, differences, counts }: Comparison): Markup => {
  const told = changes.filter((change) => change !== 'same' && counts[change] > 0);
  return html`<p>From run <code>${before.run.id}</code> (${before.run.tool}) to run <code>${after.run.id}</code> (${after.run.tool}): ${tellCounts(counts)}.</p>
${told.map((change) => changeTable(change, differences))}`;
};

/** What is worse is unfolded, the rest is a click away. */
const changeTable = (change: Change, differences: readonly Difference[]): Markup => {
  const rows = differences.filter((each) => each.change === change);
  return html`<details class="part"${worsening.includes(change) && html` open`}><summary><h3>${change.replaceAll('-', ' ')}</h3> <span class="quiet">${rows.length === 1 ? '1 case' : `${rows.length} cases`}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="Cases: ${change}"><table class="matrix changes"><thead><tr><th scope="col">Case</th><th scope="col">Before</th><th scope="col">After</th><th scope="col">Why</th></tr></thead>
<tbody>${rows.map((each) => html`<tr><th scope="row"><code>${each.id}</code><span class="quiet">${each.subject}</span></th><td>${outcome(each.before)}</td><td>${outcome(each.after)}</td><td>${[each.after?.sentence ?? '', versionNote(each)].filter((text) => text !== '').join('; ')}</td></tr>`)}</tbody></table></div></details>`;
};

const outcome = (result: CaseResult | undefined): Markup =>
  result === undefined
    ? html`<span class="quiet">not there</span>`
    : html`${verdictMark(result.verdict)}<br><code>${result.signature ?? result.observation}</code>`;
