/** The answer first: whether the gate holds and why, what came out how often and on what it stands, what changed. */
import type { Gate, GatedCase } from '../../gate/gate.js';
import { gateSentence, tellStanding } from '../../gate/sentence.js';
import { standings } from '../../gate/standing.js';
import { bases, type Requirement } from '../../suite/catalogue/requirement-schema.js';
import { verdicts } from '../../suite/verdict/results.js';
import { groupTests, needsAttention, reportedTests } from '../reported-test.js';
import { html, type Markup } from './markup.js';
import type { HtmlReport, ReportedRun } from './report-input.js';
import { type Column, caseAnchor, hasOwnPart } from './subject-column.js';
import { head, numberCell, numberHead, rowHead, scrollingTable } from './table.js';
import { joined, verdictMark, verdictWord } from './verdict-mark.js';

export const gatePart = (report: HtmlReport, columns: readonly Column[]): Markup => {
  return html`<section id="gate" aria-labelledby="gate-title">
<h2 id="gate-title">Gate</h2>
${report.runs.map((run) => verdictOf(run, report.runs.length > 1))}
<div class="side">
${countsTable(report)}
${report.runs.map((run) => changesOf(run, report.runs.length > 1))}
</div>
${report.runs.map((run) => causesOf(run, columns, report.runs.length > 1))}
</section>`;
};

const verdictOf = ({ gate, results }: ReportedRun, several: boolean): Markup => {
  const state = gate.exit === 0 ? 'holds' : gate.exit === 4 ? 'doubt' : 'red';
  return html`<p class="gate ${state}">${several && html`<span class="run">${results.run.id}</span> `}<strong>${gateSentence(gate)}</strong> <span class="exit">Exit code ${gate.exit}</span></p>`;
};

type Basis = (typeof bases)[number] | 'none';

/** The firmest of what a case stands on. */
const basisOf = ({ result }: GatedCase, requirements: ReadonlyMap<string, Requirement> | undefined): Basis => {
  const cited = result.requirements.map((id) => requirements?.get(id)?.basis);
  return bases.find((basis) => cited.includes(basis)) ?? 'none';
};

const basisMeaning: Readonly<Record<Basis, string>> = {
  keyword: 'a MUST, SHOULD or MAY of the source',
  indicative: 'a sentence of the source without such a word',
  design: 'what the source describes as its design',
  derived: 'nowhere written; it follows from the sources',
  tbd: 'left open by the source',
  none: 'no requirement of this catalogue',
};

/** Verdict by basis: how firm the ground of a failure is. */
const countsTable = ({ runs, catalogue }: HtmlReport): Markup => {
  const cases = runs.flatMap(({ gate }) => gate.cases);
  const counted = cases.map((each) => ({
    verdict: each.result.verdict,
    basis: basisOf(each, catalogue?.requirements),
  }));
  const used = ([...bases, 'none'] as const).filter((basis) => counted.some((each) => each.basis === basis));
  const count = (verdict: string, basis?: Basis): number =>
    counted.filter((each) => each.verdict === verdict && (basis === undefined || each.basis === basis)).length;
  const rows = verdicts.filter((verdict) => count(verdict) > 0);
  const all = used.map((basis) => counted.filter((each) => each.basis === basis).length);
  return scrollingTable({
    label: 'Verdicts by basis',
    look: 'counts',
    caption: 'Verdicts by the firmest basis of what a case asks',
    heads: [
      head('Verdict'),
      numberHead('All'),
      ...used.map((basis) => html`<th scope="col" class="n" title="${basisMeaning[basis]}">${basis}</th>`),
    ],
    rows: rows.map((verdict) => {
      const name = html`<a class="v ${verdict}" href="#catalogue?verdict=${verdict}">${verdictWord(verdict)}</a>`;
      const counts = [count(verdict), ...used.map((basis) => count(verdict, basis) || '·')];
      return html`<tr>${rowHead(name)}${counts.map(numberCell)}</tr>`;
    }),
    foot: html`<tr>${rowHead('all')}${[counted.length, ...all].map(numberCell)}</tr>`,
  });
};

/** Against the baseline where there is one, else against everything conforming. */
const changesOf = ({ gate, results }: ReportedRun, several: boolean): Markup => {
  const baselined = gate.cases.some(({ entry }) => entry !== undefined) || gate.entries.length > 0;
  const told = standings.filter((standing) => gate.counts[standing] > 0);
  return html`<div><h3>${several && `${results.run.id}: `}${baselined ? 'Against the baseline' : 'What was expected'}</h3>
<ul class="plain">${told.map((standing) => html`<li>${tellStanding[standing](gate.counts[standing])}</li>`)}</ul>
${!baselined && html`<p class="quiet">No baseline: every case that applies is expected to conform.</p>`}
${faultsOf(gate)}</div>`;
};

const faultsOf = ({ entries }: Gate): Markup | false =>
  entries.length > 0 &&
  html`<ul>${entries.map(({ file, line, sentence }) => html`<li><code>${file}:${line}</code> ${sentence}</li>`)}</ul>`;

/** Cases of one cause in one line. */
const causesOf = (run: ReportedRun, columns: readonly Column[], several: boolean): Markup | false => {
  const groups = groupTests(reportedTests(run).filter(needsAttention));
  if (groups.length === 0) return false;
  const gated = new Map(run.gate.cases.map((each) => [each.result, each]));
  return html`<h3>${several && `${run.results.run.id}: `}What needs attention, by cause</h3>
<ol class="causes">${groups.map(({ group, tests }) => {
    const links = tests.map(({ name, result }) => {
      const each = result === undefined ? undefined : gated.get(result);
      const column = columns.find((one) => one.run === run && one.subject.name === result?.subject);
      return each === undefined || column === undefined || !hasOwnPart(each)
        ? html`<code>${name}</code>`
        : html`<a href="#${caseAnchor(columns, column, each.result.id)}"><code>${each.result.id}</code></a>`;
    });
    const [first] = tests;
    const mark = first?.result === undefined ? '' : verdictMark(first.result.verdict);
    const count = tests.length === 1 ? '1 case' : `${tests.length} cases`;
    const more =
      links.length > mostLinks &&
      html` <span class="quiet">and ${links.length - mostLinks} more, in the catalogue</span>`;
    return html`<li>${mark} <code class="signature">${group}</code> <span class="quiet">${count}</span>
<p>${first?.message}</p>
<p class="links">${joined(links.slice(0, mostLinks), ' ')}${more}</p></li>`;
  })}</ol>`;
};

const mostLinks = 12;
