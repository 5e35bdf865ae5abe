/** The environment of the verdicts, and the evidence for the catalogue: measured facts, with their source. */
import type { CaseResult } from '../../suite/verdict/results.js';
import { crossCheckPart } from './cross-check-part.js';
import { html, type Markup } from './markup.js';
import type { HtmlReport, ReportedRun } from './report-input.js';
import { cell, head, numberCell, numberHead, rowHead, scrollingTable } from './table.js';

export const environmentPart = (report: HtmlReport): Markup => {
  return html`<section id="environment" aria-labelledby="environment-title">
<h2 id="environment-title">Environment and trust</h2>
${report.runs.map(runPart)}
${trustPart(report)}
</section>`;
};

const row = (name: string, value: string | number | Markup | undefined): Markup | false =>
  value !== undefined && html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;

/** What a seed reproduces: under virtual time everything, live the tester's choices. */
const repeats = (subjects: ReportedRun['results']['subjects']): string =>
  subjects.every(({ time }) => time === 'virtual') ? 'repeats it octet for octet' : 'repeats what the tester chooses';

const runPart = ({ results }: ReportedRun): Markup => {
  const { run, environment, subjects } = results;
  return html`<div class="side"><table class="matrix facts"><caption>Run ${run.id}</caption><tbody>
${row('suite', run.tool)}${row('began', run.began)}${row('took', `${(run.duration / 1000).toFixed(1)} s`)}
${row('command', html`<code>${run.command.join(' ')}</code>`)}${row('seed', html`<code>${run.seed}</code> ${repeats(subjects)}`)}
${row('complete', run.complete ? 'every selected case has a verdict of its own' : (run.problem ?? 'no'))}
${row('shard', run.shard === undefined ? undefined : `${run.shard.index} of ${run.shard.of}`)}
${row('machine', `${environment.machine}, ${environment.processors} processors`)}${row('kernel', environment.kernel)}${row('node', environment.node)}
</tbody></table>
${subjects.map(
  ({ name, time, implementation, facts }) => html`<table class="matrix facts"><caption>${name}</caption><tbody>
${row('implementation', implementation)}${row('time', time === 'virtual' ? 'virtual: simulated, exact to the nanosecond' : 'real')}
${Object.entries(facts).map(([fact, value]) => row(fact, value))}${row('cases, longest', longest(results.cases.filter(({ subject }) => subject === name)))}
</tbody></table>`,
)}</div>
${run.warnings.length > 0 && html`<h3>Warnings</h3><ul>${run.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}`;
};

const longest = (cases: readonly CaseResult[]): string | undefined => {
  const [first] = [...cases].sort((a, b) => b.duration - a.duration);
  return first === undefined || first.duration === 0
    ? undefined
    : `${(first.duration / 1000).toFixed(3)} s, ${first.id}`;
};

const trustPart = ({ mutants, nulls, crossCheck }: HtmlReport): Markup => {
  return html`<h3>Can these verdicts be trusted?</h3>
<ul>
<li>The tester's packets and the implementation's are decoded by one codec, which is proved against octets from outside only: worked vectors, tshark, tcpdump, scapy and a kernel's own segments, in the suite's own tests.</li>
<li>Times are judged on the stamps of the capture. Where an error bar crosses a bound the verdict is inconclusive, not a guess; so it is when capture or interface lost frames.</li>
<li>Silence is never a pass by itself: after it the tester sends a segment that must be answered.</li>
</ul>
${crossCheck !== undefined && crossCheckPart(crossCheck)}
${
  mutants !== undefined &&
  html`<p>The catalogue was held against ${mutants.mutants} broken implementations, each of which breaks one requirement: ${mutants.noticed} were noticed (catalogue <code>${mutants.catalogue}</code>).</p>
${scrollingTable({
  label: 'Broken implementations',
  look: 'counts',
  caption: 'Broken implementations noticed',
  heads: [head('Profile'), numberHead('broken'), numberHead('noticed')],
  rows: mutants.profiles.map(
    ({ profile, mutants: broken, noticed }) => html`<tr>${rowHead(profile)}${[broken, noticed].map(numberCell)}</tr>`,
  ),
})}`
}
${
  nulls !== undefined &&
  nulls.length > 0 &&
  scrollingTable({
    label: 'Implementations that do nothing right',
    look: 'counts',
    caption: 'Implementations that do nothing right, and the cases content with them; each such case was reviewed',
    heads: [head('Implementation'), head('What it does'), numberHead('judged'), numberHead('content')],
    rows: nulls.map(
      ({ name, says, judged, passed }) =>
        html`<tr>${rowHead(name)}${cell(says)}${[judged, passed].map(numberCell)}</tr>`,
    ),
  })
}`;
};
