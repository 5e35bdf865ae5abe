/**
 * The claims of each implementation (ICS) and its open points (PIXIT), each beside what the wire showed: a claim whose
 * cases all fail, a denial that cases for hosts without the profile contradict, a declared value with which cases fail.
 * The wire judges claims; it never decides which cases apply.
 */
import type { GatedCase } from '../../gate/gate.js';
import { reviewClaims } from '../../suite/catalogue/claims-review.js';
import { profiles } from '../../suite/catalogue/requirement-schema.js';
import type { ExpandedCase } from '../../suite/language/case.js';
import { parameterDefaults } from '../../suite/language/parameters.js';
import { counted } from '../../suite/verdict/counted.js';
import { tellClaims } from '../claims-text.js';
import { html, type Markup } from './markup.js';
import type { ReportCatalogue } from './report-input.js';
import { type Column, caseAnchor, hasOwnPart } from './subject-column.js';
import { cell, head, rowHead, table } from './table.js';
import { joined } from './verdict-mark.js';

/** A case that was judged, as the catalogue has it. */
interface Judged {
  readonly gated: GatedCase;
  readonly testCase: ExpandedCase;
}

interface Claim {
  readonly item: string;
  readonly claimed: boolean;
  /** Cases about hosts with the item, or about hosts without it. */
  readonly judged: readonly Judged[];
}

export const claimsPart = (columns: readonly Column[], catalogue: ReportCatalogue | undefined): Markup => {
  return html`<section id="claims" aria-labelledby="claims-title">
<h2 id="claims-title">Claims and parameters</h2>
<p>What was declared of ${columns.length === 1 ? 'the implementation' : 'each implementation'} before the run, beside what the wire showed. Claims decide which cases apply; results never do.</p>
${columns.map((column) => columnClaims(column, columns, catalogue))}
</section>`;
};

const columnClaims = (column: Column, columns: readonly Column[], catalogue: ReportCatalogue | undefined): Markup => {
  const { subject, title } = column;
  const judged = judgedOf(column, catalogue);
  const name = subject.implementation === undefined ? title : `${title}: ${subject.implementation}`;
  const body = html`<div class="side">
${table({
  look: 'matrix',
  caption: 'Claims (ICS)',
  heads: ['Item', 'Claimed', 'On the wire'].map(head),
  rows: [
    ...claimsOf(column, judged).map(
      (claim) =>
        html`<tr>${rowHead(claim.item)}${[claim.claimed ? 'yes' : 'no', wireShows(claim, column, columns)].map(cell)}</tr>`,
    ),
    html`<tr>${rowHead('paths')}${[subject.claims.paths, ''].map(cell)}</tr>`,
    html`<tr>${rowHead('control tier')}${[subject.claims.control, controlShows(column)].map(cell)}</tr>`,
  ],
})}
${parametersTable(column, columns, judged)}</div>
${reviewOf(column)}`;
  return columns.length === 1
    ? html`<h3>${name}</h3>${body}`
    : html`<details class="part"><summary><h3>${name}</h3></summary>${body}</details>
<p class="only-print">${tellClaims(subject)}</p>`;
};

const judgedOf = ({ cases }: Column, catalogue: ReportCatalogue | undefined): readonly Judged[] => {
  const known = new Map((catalogue?.cases ?? []).map((each) => [each.id, each]));
  return cases.flatMap((gated) => {
    const testCase = known.get(gated.result.id);
    const undecided = gated.result.verdict === 'not-applicable' || gated.result.verdict === 'not-run';
    return testCase === undefined || undecided ? [] : [{ gated, testCase }];
  });
};

const claimsOf = ({ subject: { claims } }: Column, judged: readonly Judged[]): readonly Claim[] => {
  const asking = (wanted: (testCase: ExpandedCase) => boolean) => judged.filter(({ testCase }) => wanted(testCase));
  return [
    ...(['server', 'client'] as const).map((role) => ({
      item: `role ${role}`,
      claimed: claims.roles.includes(role),
      judged: asking((testCase) => testCase.role === role),
    })),
    ...([0, 1] as const).map((version) => ({
      item: `MPTCP version ${version}`,
      claimed: claims.versions.includes(version),
      judged: asking(({ mptcp }) => mptcp === version),
    })),
    ...([4, 6] as const).map((version) => ({
      item: `IPv${version}`,
      claimed: claims.ip.includes(version),
      judged: asking(({ ip }) => ip === version),
    })),
    ...profiles.map((profile) => {
      const claimed = claims.profiles.includes(profile);
      return {
        item: `profile ${profile}`,
        claimed,
        judged: asking((testCase) =>
          claimed ? testCase.profiles.includes(profile) : testCase.unless.includes(profile),
        ),
      };
    }),
  ];
};

const failing = (judged: readonly Judged[]): readonly Judged[] =>
  judged.filter(({ gated }) => gated.result.verdict === 'fail' || gated.result.verdict === 'unsupported');

const wireShows = ({ claimed, judged }: Claim, column: Column, columns: readonly Column[]): Markup => {
  const failed = failing(judged);
  if (judged.length === 0) return html`<span class="quiet">${claimed ? 'no case asked' : 'not asked'}</span>`;
  if (failed.length === 0)
    return html`<b class="v pass">${claimed ? 'confirmed' : 'as without it'}</b> <span class="quiet">${counted(judged.length, 'case')}</span>`;
  const contradicted = !claimed || failed.length === judged.length;
  return html`${deviation(contradicted, failed, judged)}${contradicted && html` ${someLinks(failed, column, columns)}`}`;
};

const deviation = (contradicted: boolean, failed: readonly Judged[], judged: readonly Judged[]): Markup => {
  const mark = contradicted
    ? html`<b class="v fail">contradicted</b>`
    : html`<b class="v nonstrict">with deviations</b>`;
  return html`${mark} <span class="quiet">failed ${failed.length} of ${counted(judged.length, 'case')}</span>`;
};

const controlShows = ({ cases }: Column): Markup | false => {
  const unsupported = cases.filter(({ result }) => result.verdict === 'unsupported').length;
  return (
    unsupported > 0 &&
    html`<b class="v fail">contradicted</b> <span class="quiet">in ${counted(unsupported, 'case')} it answered "unsupported"</span>`
  );
};

const fewLinks = 3;

const someLinks = (judged: readonly Judged[], column: Column, columns: readonly Column[]): Markup => {
  const links = judged
    .filter(({ gated }) => hasOwnPart(gated))
    .slice(0, fewLinks)
    .map(
      ({ gated: { result } }) =>
        html`<a href="#${caseAnchor(columns, column, result.id)}"><code>${result.id}</code></a>`,
    );
  return html`<span class="links">${joined(links, ' ')}</span>`;
};

/** Every parameter with the value that was used, and whether cases that depend on it fail. */
const parametersTable = (column: Column, columns: readonly Column[], judged: readonly Judged[]): Markup => {
  const { parameters } = column.subject;
  const names = [...new Set([...Object.keys(parameterDefaults), ...Object.keys(parameters)])];
  const rows = names.map((name) => ({
    name,
    value: String(parameters[name] ?? parameterDefaults[name]),
    declared: Object.hasOwn(parameters, name),
    dependent: judged.filter(({ testCase }) => Object.hasOwn(testCase.parameters, name)),
  }));
  const notable = rows.filter(({ declared, dependent }) => declared || dependent.length > 0);
  const others = rows.filter((row) => !notable.includes(row));
  return html`<div>${
    notable.length > 0 &&
    table({
      look: 'matrix',
      caption: 'Parameters (PIXIT) that were declared or asked for',
      heads: ['Parameter', 'Value', 'On the wire'].map(head),
      rows: notable.map(
        ({ name, value, declared, dependent }) => html`<tr>${rowHead(html`<code>${name}</code>`)}
${cell(html`${value}${!declared && html` <span class="quiet">default</span>`}`)}
${cell(agreement(dependent, column, columns))}</tr>`,
      ),
    })
  }
${
  others.length > 0 &&
  html`<details class="part"><summary>${counted(others.length, 'default parameter')}</summary><p class="parameters">${joined(
    others.map(({ name, value }) => html`<code>${name}=${value}</code>`),
    ' ',
  )}</p></details>`
}</div>`;
};

const agreement = (dependent: readonly Judged[], column: Column, columns: readonly Column[]): Markup => {
  const failed = failing(dependent);
  if (dependent.length === 0) return html`<span class="quiet">no case asked</span>`;
  if (failed.length === 0)
    return html`<b class="v pass">in agreement</b> <span class="quiet">${counted(dependent.length, 'case')}</span>`;
  const contradicted = failed.length === dependent.length;
  return html`${deviation(contradicted, failed, dependent)} ${someLinks(failed, column, columns)}`;
};

/** The findings of the static review of the declaration, if not all items are met. */
const reviewOf = ({ subject }: Column): Markup => {
  const { roles, versions, profiles: claimed, ip, paths, control } = subject.claims;
  const items = reviewClaims({
    roles: (['server', 'client'] as const).filter((role) => roles.includes(role)),
    versions: ([0, 1] as const).filter((version) => versions.includes(version)),
    profiles: claimed,
    ip: ([4, 6] as const).filter((version) => ip.includes(version)),
    paths,
    control: ([2, 1, 0] as const).find((tier) => tier <= control) ?? 0,
    parameters: subject.parameters,
  });
  const wanting = items.filter(({ status }) => status !== 'met');
  if (wanting.length === 0)
    return html`<p class="quiet">Static review of the claims: ${counted(items.length, 'condition')}, all met.</p>`;
  return html`<h4>Static review of the claims</h4><ul>${wanting.map(
    ({ item, status, sentence }) =>
      html`<li><b class="v ${status === 'unmet' ? 'fail' : 'nonstrict'}">${status}</b> ${item}: ${sentence}</li>`,
  )}</ul>`;
};
