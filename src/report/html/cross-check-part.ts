/** How tshark reads the captures of the run, beside how they were judged: figures, and every disagreement that was kept. */
import type { CrossCheck } from '../../net/capture/cross-check/cross-check.js';
import { html, type Markup } from './markup.js';
import type { ReportedCrossCheck } from './report-input.js';

export const crossCheckPart = ({ figures, damaged }: ReportedCrossCheck): Markup => {
  const { captures, frames, compared, fields, disagreeing, tshark, stopped } = figures;
  if (frames === 0 && stopped === undefined)
    return html`<p id="cross-check">There was no frame to compare with tshark: ${captures} captures were kept, ${damaged} of them are damaged.</p>`;
  return html`<p id="cross-check">tshark ${tshark} read the ${captures} captures kept with this page too, ${frames} frames, sent and received; ${compared} of them were compared in ${fields} fields: <strong>${disagreeing === 0 ? 'no disagreement' : `${disagreeing} disagreements, so that one of both decoders is wrong`}</strong>.
${damaged > 0 && html`Of damaged captures (${damaged}) only what can be read was compared. `}${stopped !== undefined && html`<strong>It did not get to the end: ${stopped}.</strong>`}</p>
${leftOutTable(figures)}${disagreementTable(figures)}`;
};

const leftOutTable = ({ leftOut }: CrossCheck): Markup | false =>
  leftOut.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Not compared with tshark"><table class="counts"><caption>Not compared with tshark, or not wholly</caption><thead><tr><th scope="col">Reason</th><th scope="col" class="n">frames</th></tr></thead>
<tbody>${leftOut.map(({ reason, frames }) => html`<tr><th scope="row">${reason}</th><td class="n">${frames}</td></tr>`)}</tbody></table></div>`;

const disagreementTable = ({ disagreements, disagreeing }: CrossCheck): Markup | false =>
  disagreements.length > 0 &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="Disagreements with tshark"><table class="counts"><caption>Disagreements with tshark, ${disagreements.length} of ${disagreeing}</caption><thead><tr><th scope="col">Capture</th><th scope="col" class="n">frame</th><th scope="col">Field</th><th scope="col">here</th><th scope="col">tshark</th></tr></thead>
<tbody>${disagreements.map(({ capture, frame, field, ours, theirs }) => html`<tr><th scope="row">${capture}</th><td class="n">${frame}</td><td><code>${field}</code></td><td><code>${ours}</code></td><td><code>${theirs}</code></td></tr>`)}</tbody></table></div>`;
