/** The answer first: whether the gate holds and why, verdicts with counts and basis, and changes. */
import type { Gate, GatedCase } from '../../gate/gate.js';
import { requirementStandings } from '../../gate/requirement-standing.js';
import { gateSentence, tellStanding } from '../../gate/sentence.js';
import { standings } from '../../gate/standing.js';
import { bases, type Requirement } from '../../suite/catalogue/requirement-schema.js';
import { counted } from '../../suite/verdict/counted.js';
import { verdicts } from '../../suite/verdict/results.js';
import { levelCounts } from '../levels.js';
import { type ReportedCause, tellCause, tellPlace } from '../reported-cause.js';
import { groupTests, needsAttention, reportedTests } from '../reported-test.js';
import { html, type Markup } from './markup.js';
import type { HtmlReport, ReportCatalogue, ReportedRun } from './report-input.js';
import { sourceLink } from './source-link.js';
import { type Column, caseAnchor, hasOwnPart, requirementAnchor } from './subject-column.js';
import { head, numberCell, numberHead, rowHead, scrollingTable } from './table.js';
import { joined, verdictMark, verdictWord } from './verdict-mark.js';

export const gatePart = (report: HtmlReport, columns: readonly Column[]): Markup => {
  return html`<section id="gate" aria-labelledby="gate-title">
<h2 id="gate-title">Result</h2>
${report.runs.map((run) => verdictOf(run, report.runs.length > 1))}
<div class="side">
${report.runs.map((run) => [levelTable(run, report), countsTable(run, report), changesOf(run, report.runs.length > 1)])}
</div>
</section>
<section id="causes" aria-labelledby="causes-title">
<h2 id="causes-title">Causes</h2>
${report.runs.map((run) => causesOf(run, columns, report))}
</section>`;
};

const verdictOf = ({ gate, results }: ReportedRun, several: boolean): Markup => {
  const state = gate.exit === 0 ? 'holds' : gate.exit === 4 ? 'doubt' : 'red';
  return html`<p class="gate ${state}">${several && html`<span class="run">${results.run.id}</span> `}<strong>${gateSentence(gate)}</strong> <span class="exit">Exit code ${gate.exit}</span></p>`;
};

type Basis = (typeof bases)[number] | 'none';

/** The firmest basis of a case's requirements. */
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

/** Verdict by basis: how firm the source of a failure is. */
const countsTable = (run: ReportedRun, { runs, catalogue }: HtmlReport): Markup => {
  const counted = run.gate.cases.map((each) => ({
    verdict: each.result.verdict,
    basis: basisOf(each, catalogue?.requirements),
  }));
  const used = ([...bases, 'none'] as const).filter((basis) => counted.some((each) => each.basis === basis));
  const count = (verdict: string, basis?: Basis): number =>
    counted.filter((each) => each.verdict === verdict && (basis === undefined || each.basis === basis)).length;
  const rows = verdicts.filter((verdict) => count(verdict) > 0);
  const all = used.map((basis) => counted.filter((each) => each.basis === basis).length);
  return scrollingTable({
    label: captionOf('Verdicts by basis', run, runs),
    look: 'counts',
    caption: captionOf('Verdicts by the firmest basis of what a case asks', run, runs),
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

/** Of several runs each has tables of its own. */
const captionOf = (text: string, { results }: ReportedRun, runs: readonly ReportedRun[]): string =>
  runs.length > 1 ? `${results.run.id}: ${text}` : text;

/** Requirements by level: the result in one table. */
const levelTable = (run: ReportedRun, { runs, catalogue }: HtmlReport): Markup | false => {
  const rows = levelCounts(run.results.cases, catalogue?.requirements);
  if (rows.length === 0) return false;
  const words = { kept: 'pass', broken: 'fail', 'not-reached': 'inconclusive', 'not-tested': 'not-run' } as const;
  return scrollingTable({
    label: captionOf('Requirements by level', run, runs),
    look: 'counts levels',
    caption: captionOf('Requirements by level', run, runs),
    heads: [
      head('Level'),
      ...requirementStandings.map((standing) =>
        numberHead(html`<b class="v ${words[standing]}">${standing.replace('-', ' ')}</b>`),
      ),
    ],
    rows: rows.map((row) => {
      const counts = requirementStandings.map((standing) => numberCell(row[standing] || '·'));
      return html`<tr>${rowHead(row.level)}${counts}</tr>`;
    }),
  });
};

/** Each cause with the broken sentence, what came, and its cases. */
const causesOf = (run: ReportedRun, columns: readonly Column[], { runs, catalogue }: HtmlReport): Markup => {
  const register = catalogue?.requirements;
  const tests = reportedTests(register === undefined ? run : { ...run, register });
  const groups = groupTests(tests.filter(needsAttention));
  const title = runs.length > 1 && html`<h3>${run.results.run.id}</h3>`;
  if (groups.length === 0) return html`${title}<p>Nothing needs attention.</p>`;
  const gated = new Map(run.gate.cases.map((each) => [each.result, each]));
  const prefix = runs.length > 1 ? `${runs.indexOf(run) + 1}-` : '';
  return html`${title}<ol class="causes">${groups.map(({ group, tests: members }, index) => {
    const links = members.map(({ name, result }) => {
      const each = result === undefined ? undefined : gated.get(result);
      const column = columns.find((one) => one.run === run && one.subject.name === result?.subject);
      return each === undefined || column === undefined || !hasOwnPart(each)
        ? html`<code>${name}</code>`
        : html`<a href="#${caseAnchor(columns, column, each.result.id)}"><code>${each.result.id}</code></a>`;
    });
    const [first] = members;
    const mark = first?.result === undefined ? '' : verdictMark(first.result.verdict);
    const count = counted(members.length, 'case');
    const more =
      links.length > mostLinks &&
      html` <span class="quiet">and ${links.length - mostLinks} more, in the catalogue</span>`;
    const verdicts = [...new Set(members.flatMap(({ result }) => result?.verdict ?? []))];
    const roles = [...new Set(members.flatMap(({ result }) => result?.role ?? []))];
    const shown = first?.cause;
    return html`<li class="f" id="cause/${prefix}${index + 1}" data-v="${verdicts.join(' ')}" data-r="${roles.join(' ')}">
${mark} ${shown !== undefined && shown.broken.length > 0 ? brokenText(shown, catalogue) : html`<span class="sentence">${first?.message}</span>`} <span class="quiet">${count}</span>
${shown !== undefined && shown.broken.length > 0 && html`<p>${tellCause(shown, first?.message ?? '')}</p>`}
<p class="quiet"><code class="signature">${group}</code>${first?.place !== undefined && html` at <code>${tellPlace(first.place)}</code>`}</p>
<p class="links">${joined(links.slice(0, mostLinks), ' ')}${more}</p></li>`;
  })}</ol>`;
};

/** The broken sentence first; the others by their ids. */
const brokenText = ({ broken }: ReportedCause, catalogue: ReportCatalogue | undefined): Markup => {
  const [main, ...others] = broken;
  if (main === undefined) return html``;
  const link = (id: string): Markup =>
    catalogue?.requirements.has(id) === true
      ? html`<a href="#${requirementAnchor(id)}">${id}</a>`
      : html`<code>${id}</code>`;
  const source = catalogue?.requirements.get(main.id)?.source;
  const shown = others.slice(0, mostNamed).map(({ id }) => link(id));
  const rest = others.length > mostNamed && ` and ${others.length - mostNamed} more`;
  return html`<b>${main.level ?? ''}</b> ${link(main.id)}${source !== undefined && html` <span class="quiet">${sourceLink(source)}</span>`}
<span class="sentence">${main.statement ?? ''}</span>${others.length > 0 && html` <span class="quiet">also ${joined(shown, ', ')}${rest}</span>`}`;
};

const mostNamed = 4;
const mostLinks = 12;
