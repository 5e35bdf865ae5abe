/**
 * The page part of one case: the cause in one sentence, the ladder, what was expected beside what came, the requirements,
 * the step log, how to repeat it, and the files. Without evidence it has the sentence and the results.
 */
import { causeOf } from '../../gate/cause.js';
import type { GatedCase } from '../../gate/gate.js';
import { attachmentsPart } from './attachments-part.js';
import { casePictures } from './case-pictures.js';
import { catalogueAnchor } from './catalogue-part.js';
import { html, type Markup } from './markup.js';
import type { CaseEvidence, ReportCatalogue } from './report-input.js';
import { sourceLink } from './source-link.js';
import { type Column, requirementAnchor } from './subject-column.js';
import { joined, verdictMark } from './verdict-mark.js';

export interface CasePart {
  readonly gated: GatedCase;
  readonly column: Column;
  readonly anchor: string;
  /** The sentences that it breaks. */
  readonly broken: readonly string[];
  readonly evidence?: CaseEvidence | undefined;
  /** Whether the part is unfolded at first. */
  readonly open: boolean;
  /** Why the pictures are left out, if they are. */
  readonly without?: string | undefined;
}

export const casePart = (
  part: CasePart,
  catalogue: ReportCatalogue | undefined,
  columns: readonly Column[],
): Markup => {
  const { gated, column, anchor, evidence, open, without } = part;
  const { result } = gated;
  const authored = catalogue?.cases.find(({ id }) => id === result.id);
  const index = columns.indexOf(column);
  const told = evidence === undefined ? undefined : picturesOrNone({ result, evidence, anchor });
  return html`<details class="case f" data-v="${result.verdict}" data-r="${result.role}" data-p="${authored?.profiles.join(' ')}" data-s="${index}"${open && html` open`}>
<summary>${verdictMark(result.verdict)} <span class="name">${result.title} <code>${result.id}</code>${columns.length > 1 && html` <span class="quiet">${column.title}</span>`}</span><span class="brief-cause">${briefly(causeOf(gated))}</span></summary>
<div class="body" id="${anchor}">
<p class="cause">${causeOf(gated)}</p>
<dl class="facts">${facts(part, authored?.authoredId, catalogue)}</dl>
${without !== undefined && html`<p class="quiet">${without}</p>`}
${evidence !== undefined && told === undefined && html`<p class="quiet">The evidence does not fit together: somebody changed its files.</p>`}
${told?.pictures}
${requirementsOf(gated, catalogue)}
${told?.log}
${evidence !== undefined && repeatPart(evidence.repeat)}
${attachmentsPart(result, column.run)}
</div></details>`;
};

const longestBrief = 160;

/** The beginning of a cause, for one line. */
export const briefly = (cause: string, longest = longestBrief): string =>
  cause.length > longest ? `${cause.slice(0, longest - 1)}…` : cause;

/** The sentences that it breaks, judged from all results; its other sentences are not reached. */
const brokenLinks = (broken: readonly string[], catalogue: ReportCatalogue | undefined): Markup | undefined => {
  const links = broken.map((id) =>
    catalogue?.requirements.has(id) === true
      ? html`<a href="#${requirementAnchor(id)}"><code>${id}</code></a>`
      : html`<code>${id}</code>`,
  );
  return links.length === 0 ? undefined : html`${joined(links, ' ')}`;
};

const facts = (
  { gated, broken }: CasePart,
  authoredId: string | undefined,
  catalogue: ReportCatalogue | undefined,
): readonly Markup[] => {
  const { result, standing, entry } = gated;
  const fact = (name: string, value: Markup | string | undefined): Markup | undefined =>
    value === undefined || value === '' ? undefined : html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const shown = [
    fact(
      'asks',
      authoredId === undefined ? result.title : html`<a href="#${catalogueAnchor(authoredId)}">${result.title}</a>`,
    ),
    fact('breaks', brokenLinks(broken, catalogue)),
    fact('implementation', `${result.role}, IPv${result.ip}`),
    fact('standing', standing.replaceAll('-', ' ')),
    fact('signature', result.signature === undefined ? undefined : html`<code>${result.signature}</code>`),
    fact('observation', result.observation === undefined ? undefined : html`<code>${result.observation}</code>`),
    fact(
      'known because',
      entry === undefined ? undefined : [entry.reason, entry.issue ?? ''].filter((each) => each !== '').join(', '),
    ),
    fact('took', `${result.duration.toFixed(1)} ms`),
  ];
  return shown.filter((each) => each !== undefined);
};

const requirementsOf = ({ result }: GatedCase, catalogue: ReportCatalogue | undefined): Markup | false => {
  if (result.requirements.length === 0) return false;
  return html`<h4>Stands on</h4><ul class="plain">${result.requirements.map((id) => {
    const requirement = catalogue?.requirements.get(id);
    if (requirement === undefined) return html`<li><code>${id}</code></li>`;
    const { level, basis, source, statement } = requirement;
    return html`<li><a href="#${requirementAnchor(id)}"><code>${id}</code></a> <span class="quiet">${level}, ${basis}, ${sourceLink(source)}</span><blockquote>${statement}</blockquote></li>`;
  })}</ul>`;
};

const repeatPart = (command: string): Markup =>
  html`<h4>Repeat it</h4><div class="command"><code>${command}</code><button type="button" class="copy only-script">Copy</button></div>`;

/** Evidence that is inconsistent because a file was changed is not drawn; the rest of the page is not affected. */
const picturesOrNone = (pictured: Parameters<typeof casePictures>[0]): ReturnType<typeof casePictures> | undefined => {
  try {
    return casePictures(pictured);
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError) return undefined;
    throw cause;
  }
};
