/**
 * The requirement matrix: for every requirement the cases that cite it and their verdicts, with coverage in numbers. The
 * catalogue at the end of the page leads from a case to its requirements.
 */
import { type StandingRequirement, standRequirements } from '../../gate/requirement-standing.js';
import { type CoveredRequirement, measureCoverage, type Tally } from '../../suite/catalogue/coverage.js';
import { watchingRules } from '../../suite/catalogue/watching-rules.js';
import { counted } from '../../suite/verdict/counted.js';
import type { Verdict } from '../../suite/verdict/verdict.js';
import { catalogueAnchor } from './catalogue-part.js';
import { html, type Markup } from './markup.js';
import type { ReportCatalogue } from './report-input.js';
import { sourceLink } from './source-link.js';
import { type Column, requirementAnchor } from './subject-column.js';
import { cell, head, numberCell, numberHead, rowHead, scrollingTable, table } from './table.js';
import { gravestVerdict, verdictChip } from './verdict-mark.js';

/** How a requirement came out with one or several implementations. */
export interface Rollup {
  readonly word:
    | 'broken'
    | 'kept'
    | 'kept, SHOULD missed'
    | 'in doubt'
    | 'not reached'
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

export const verdictsByRequirement = (columns: readonly Column[]): VerdictsByRequirement => {
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
};

export const rollUp = (
  covered: CoveredRequirement,
  verdicts: readonly Verdict[],
  standing: StandingRequirement | undefined,
): Rollup => {
  const judged = verdicts.filter((verdict) => verdict !== 'not-applicable' && verdict !== 'not-run');
  const failed = standing?.broken.length ?? 0;
  const counts = { judged: Math.max(judged.length, failed), failed };
  if (standing?.standing === 'broken')
    return { word: 'broken', verdict: gravestVerdict(standing.broken.map(({ verdict }) => verdict)), ...counts };
  if (judged.length === 0) {
    if (covered.standing === 'hidden') return { word: 'not testable', verdict: 'not-applicable', ...counts };
    if (covered.standing === 'open') return { word: 'not tested', verdict: 'not-run', ...counts };
    return { word: 'does not apply', verdict: 'not-applicable', ...counts };
  }
  if (standing?.standing === 'not-reached') return { word: 'not reached', verdict: 'inconclusive', ...counts };
  const verdict = gravestVerdict(
    standing?.kept.map((each) => (each.verdict === 'fail' ? 'pass' : each.verdict)) ?? judged,
  );
  if (verdict === 'error' || verdict === 'inconclusive') return { word: 'in doubt', verdict, ...counts };
  if (verdict === 'nonstrict') return { word: 'kept, SHOULD missed', verdict, ...counts };
  return judged.every((each) => each === 'info')
    ? { word: 'observed', verdict: 'info', ...counts }
    : { word: 'kept', verdict: 'pass', ...counts };
};

export const requirementPart = (catalogue: ReportCatalogue | undefined, columns: readonly Column[]): Markup => {
  if (catalogue === undefined)
    return html`<section id="requirements" aria-labelledby="requirements-title"><h2 id="requirements-title">Requirements</h2>
<p>The catalogue was not at hand when this page was made, so only ids are known: see the cases.</p></section>`;
  const coverage = measureCoverage(catalogue, catalogue.cases, watchingRules);
  const verdicts = verdictsByRequirement(columns);
  const standings = standRequirements(columns.flatMap(({ cases }) => cases.map(({ result }) => result)));
  const byAuthored = gravestByAuthored(catalogue, columns);
  return html`<section id="requirements" aria-labelledby="requirements-title">
<h2 id="requirements-title">Requirements</h2>
<p>${counted(coverage.total.requirements, 'requirement')}: ${coverage.total.asked} are asked by cases, ${coverage.total.watched} only watched by rules, ${coverage.total.hidden} cannot be shown by packets (unseen: the reason stands with each), ${coverage.total.open} are open.</p>
<div class="side">${coverageTable('level', coverage.byLevel)}${coverageTable('basis', coverage.byBasis)}${coverageTable('source', coverage.bySource)}</div>
${coverage.bySource.map(({ name }) => documentTable(name, coverage.byRequirement, verdicts, standings, byAuthored))}
</section>`;
};

/** How each authored case came out, over its expansions and all columns. */
const gravestByAuthored = ({ cases }: ReportCatalogue, columns: readonly Column[]): ReadonlyMap<string, Verdict> => {
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
};

const coverageTable = (name: string, tallies: readonly Tally[]): Markup =>
  table({
    look: 'counts',
    caption: `Coverage by ${name}`,
    heads: [head(name), ...['all', 'asked', 'watched', 'unseen', 'open'].map(numberHead)],
    rows: tallies
      .filter(({ requirements }) => requirements > 0)
      .map(({ name: group, requirements, asked, watched, hidden, open }) => {
        const counts = [requirements, asked, watched || '·', hidden || '·', open || '·'];
        return html`<tr>${rowHead(group)}${counts.map(numberCell)}</tr>`;
      }),
  });

const documentTable = (
  document: string,
  all: readonly CoveredRequirement[],
  verdicts: VerdictsByRequirement,
  standings: ReadonlyMap<string, StandingRequirement>,
  byAuthored: ReadonlyMap<string, Verdict>,
): Markup => {
  const rows = all.filter(({ requirement }) => requirement.source.doc === document);
  const rolled = rows.map((covered) =>
    rollUp(covered, verdicts.get(covered.requirement.id) ?? [], standings.get(covered.requirement.id)),
  );
  const broken = rolled.filter(({ word }) => word === 'broken').length;
  const kept = rolled.filter(({ word }) => word.startsWith('kept') || word === 'observed').length;
  const failing = broken > 0 && html`, <b class="v fail">${broken} broken</b>`;
  return html`<details class="part f-group${broken > 0 && ' broken'}"${broken > 0 && html` open`}>
<summary><h3>${document}</h3> <span class="quiet">${counted(rows.length, 'requirement')}: ${kept} kept${failing}</span></summary>
${scrollingTable({
  label: `Requirements of ${document}`,
  look: 'matrix',
  heads: ['Requirement', 'Level, basis', 'Result', 'Cases'].map(head),
  rows: rows.map((covered, index) => requirementRow(covered, rolled[index], byAuthored)),
})}</details>`;
};

const resultCell = ({ word, verdict, judged, failed }: Rollup): Markup => {
  const count = failed > 0 ? `in ${failed} of ${counted(judged, 'case')}` : `${judged} judged`;
  return html`<b class="v ${verdict}">${word}</b>${judged > 0 && html`<br><span class="quiet">${count}</span>`}`;
};

const requirementRow = (
  covered: CoveredRequirement,
  rollup: Rollup | undefined,
  byAuthored: ReadonlyMap<string, Verdict>,
): Markup => {
  const { requirement, cases } = covered;
  const { id, statement, level, basis, source, testable, role } = requirement;
  const shown =
    testable === 'wire'
      ? undefined
      : 'partial' in testable
        ? `In part: ${testable.partial}`
        : `Not testable: ${testable.no}`;
  const from = requirement.from !== undefined && ` From: ${requirement.from}`;
  const chips = cases.map(
    (each) => html`${verdictChip(byAuthored.get(each) ?? 'not-run', each, catalogueAnchor(each))} `,
  );
  return html`<tr id="${requirementAnchor(id)}" class="f${rollup?.word === 'broken' && ' broken'}" data-v="${rollup?.verdict}"
 data-r="${role === 'both' ? 'server client' : role}" data-p="${requirement.profiles.join(' ')}">
<th scope="row"><code>${id}</code><span class="statement">${statement}</span>
<span class="quiet">${source.section !== undefined && sourceLink(source)}${from}${shown !== undefined && ` ${shown}`}</span></th>
${cell(html`${level}<br><span class="quiet">${basis}</span>`)}
${cell(rollup !== undefined && resultCell(rollup))}
<td class="chips">${chips}</td></tr>`;
};
