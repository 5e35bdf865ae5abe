/**
 * The requirement matrix: for every requirement the cases that stand on it and how they came out, with coverage in
 * numbers. The way back, from a case to its requirements, is the catalogue at the end of the page.
 */
import { type CoveredRequirement, measureCoverage, type Tally } from '../../suite/catalogue/coverage.js';
import { watchingRules } from '../../suite/catalogue/watching-rules.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import { catalogueAnchor } from './catalogue-part.js';
import { html, type Markup } from './markup.js';
import type { ReportCatalogue } from './report-input.js';
import { type Column, requirementAnchor } from './subject-column.js';
import { gravestVerdict, verdictChip } from './verdict-mark.js';

/** How a requirement came out with one or several implementations. */
export interface Rollup {
  readonly word:
    | 'broken'
    | 'kept'
    | 'kept, SHOULD missed'
    | 'in doubt'
    | 'observed'
    | 'does not apply'
    | 'not tested'
    | 'not testable';
  /** Colour and sign. */
  readonly verdict: Verdict;
  readonly judged: number;
  readonly failed: number;
}

/** Verdicts of the cases that cite each requirement. */
export type VerdictsByRequirement = ReadonlyMap<string, readonly Verdict[]>;

export function verdictsByRequirement(columns: readonly Column[]): VerdictsByRequirement {
  const verdicts = new Map<string, Verdict[]>();
  for (const { cases } of columns) {
    for (const { result } of cases) {
      for (const id of result.requirements) {
        const known = verdicts.get(id);
        if (known === undefined) verdicts.set(id, [result.verdict]);
        else known.push(result.verdict);
      }
    }
  }
  return verdicts;
}

export function rollUp(covered: CoveredRequirement, verdicts: readonly Verdict[]): Rollup {
  const judged = verdicts.filter((verdict) => verdict !== 'not-applicable' && verdict !== 'not-run');
  const failed = judged.filter((verdict) => verdict === 'fail' || verdict === 'unsupported').length;
  const counts = { judged: judged.length, failed };
  if (judged.length === 0) {
    if (covered.standing === 'hidden') return { word: 'not testable', verdict: 'not-applicable', ...counts };
    if (covered.standing === 'open') return { word: 'not tested', verdict: 'not-run', ...counts };
    return { word: 'does not apply', verdict: 'not-applicable', ...counts };
  }
  if (failed > 0) return { word: 'broken', verdict: 'fail', ...counts };
  const verdict = gravestVerdict(judged);
  if (verdict === 'error' || verdict === 'inconclusive') return { word: 'in doubt', verdict, ...counts };
  if (verdict === 'nonstrict') return { word: 'kept, SHOULD missed', verdict, ...counts };
  return judged.every((each) => each === 'info')
    ? { word: 'observed', verdict: 'info', ...counts }
    : { word: 'kept', verdict: 'pass', ...counts };
}

export function requirementPart(catalogue: ReportCatalogue | undefined, columns: readonly Column[]): Markup {
  if (catalogue === undefined)
    return html`<section id="requirements" aria-labelledby="requirements-title"><h2 id="requirements-title">Requirements</h2>
<p>The catalogue was not at hand when this page was made, so only ids are known: see the cases.</p></section>`;
  const coverage = measureCoverage(catalogue, catalogue.cases, watchingRules);
  const verdicts = verdictsByRequirement(columns);
  const byAuthored = gravestByAuthored(catalogue, columns);
  return html`<section id="requirements" aria-labelledby="requirements-title">
<h2 id="requirements-title">Requirements</h2>
<p>${coverage.total.requirements} requirements: ${coverage.total.asked} are asked by cases, ${coverage.total.watched} only watched by rules, ${coverage.total.hidden} cannot be shown by packets (unseen: the reason stands with each), ${coverage.total.open} are open.</p>
<div class="side">${coverageTable('level', coverage.byLevel)}${coverageTable('basis', coverage.byBasis)}${coverageTable('source', coverage.bySource)}</div>
${coverage.bySource.map(({ name }) => documentTable(name, coverage.byRequirement, verdicts, byAuthored))}
</section>`;
}

/** How each authored case came out, over its expansions and all columns. */
function gravestByAuthored({ cases }: ReportCatalogue, columns: readonly Column[]): ReadonlyMap<string, Verdict> {
  const authored = new Map(cases.map(({ id, authoredId }) => [id, authoredId]));
  const verdicts = new Map<string, Set<Verdict>>();
  for (const column of columns) {
    for (const { result } of column.cases) {
      const id = authored.get(result.id) ?? result.id;
      const known = verdicts.get(id);
      if (known === undefined) verdicts.set(id, new Set([result.verdict]));
      else known.add(result.verdict);
    }
  }
  return new Map([...verdicts].map(([id, set]) => [id, gravestVerdict([...set])]));
}

const coverageTable = (name: string, tallies: readonly Tally[]): Markup => html`<table class="counts">
<caption>Coverage by ${name}</caption>
<thead><tr><th scope="col">${name}</th><th scope="col" class="n">all</th><th scope="col" class="n">asked</th><th scope="col" class="n">watched</th><th scope="col" class="n">unseen</th><th scope="col" class="n">open</th></tr></thead>
<tbody>${tallies
  .filter(({ requirements }) => requirements > 0)
  .map(
    (tally) =>
      html`<tr><th scope="row">${tally.name}</th><td class="n">${tally.requirements}</td><td class="n">${tally.asked}</td><td class="n">${tally.watched || '·'}</td><td class="n">${tally.hidden || '·'}</td><td class="n">${tally.open || '·'}</td></tr>`,
  )}</tbody></table>`;

function documentTable(
  document: string,
  all: readonly CoveredRequirement[],
  verdicts: VerdictsByRequirement,
  byAuthored: ReadonlyMap<string, Verdict>,
): Markup {
  const rows = all.filter(({ requirement }) => requirement.source.doc === document);
  const rolled = rows.map((covered) => rollUp(covered, verdicts.get(covered.requirement.id) ?? []));
  const broken = rolled.filter(({ word }) => word === 'broken').length;
  const kept = rolled.filter(({ word }) => word.startsWith('kept') || word === 'observed').length;
  return html`<details class="part"${broken > 0 && html` open`}><summary><h3>${document}</h3> <span class="quiet">${rows.length} requirements: ${kept} kept${broken > 0 && html`, <b class="v fail">${broken} broken</b>`}</span></summary>
<div class="scroll" tabindex="0" role="region" aria-label="Requirements of ${document}"><table class="matrix">
<thead><tr><th scope="col">Requirement</th><th scope="col">Level, basis</th><th scope="col">Result</th><th scope="col">Cases</th></tr></thead>
<tbody>${rows.map((covered, index) => requirementRow(covered, rolled[index], byAuthored))}</tbody></table></div></details>`;
}

function requirementRow(
  covered: CoveredRequirement,
  rollup: Rollup | undefined,
  byAuthored: ReadonlyMap<string, Verdict>,
): Markup {
  const { requirement, cases } = covered;
  const { id, statement, level, basis, source, testable, role } = requirement;
  const shown =
    testable === 'wire'
      ? undefined
      : 'partial' in testable
        ? `In part: ${testable.partial}`
        : `Not testable: ${testable.no}`;
  return html`<tr id="${requirementAnchor(id)}" class="f" data-v="${rollup?.verdict}" data-r="${role === 'both' ? 'server client' : role}" data-p="${requirement.profiles.join(' ')}"><th scope="row"><code>${id}</code><span class="statement">${statement}</span><span class="quiet">${source.section === undefined ? '' : `${source.doc} ${source.section}`}${requirement.from !== undefined && ` From: ${requirement.from}`}${shown !== undefined && ` ${shown}`}</span></th>
<td>${level}<br><span class="quiet">${basis}</span></td>
<td>${rollup !== undefined && html`<b class="v ${rollup.verdict}">${rollup.word}</b>${rollup.judged > 0 && html`<br><span class="quiet">${rollup.failed > 0 ? `${rollup.failed} of ${rollup.judged} fail` : `${rollup.judged} judged`}</span>`}`}</td>
<td class="chips">${cases.map((each) => html`${verdictChip(byAuthored.get(each) ?? 'not-run', each, catalogueAnchor(each))} `)}</td></tr>`;
}
