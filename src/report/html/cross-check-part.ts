/** How tshark reads the captures of the run, beside how they were judged: figures, and every disagreement that was kept. */
import type { CrossCheck } from '../../net/capture/cross-check/cross-check.js';
import { html, type Markup } from './markup.js';
import type { ReportedCrossCheck } from './report-input.js';
import { cell, head, numberCell, numberHead, rowHead, scrollingTable } from './table.js';

export const crossCheckPart = ({ figures, damaged }: ReportedCrossCheck): Markup => {
  const { captures, frames, compared, fields, disagreeing, tshark, stopped } = figures;
  if (frames === 0 && stopped === undefined)
    return html`<p id="cross-check">There was no frame to compare with tshark: ${captures} captures were kept, ${damaged} of them are damaged.</p>`;
  const outcome =
    disagreeing === 0 ? 'no disagreement' : `${disagreeing} disagreements, so that one of both decoders is wrong`;
  return html`<p id="cross-check">tshark ${tshark} read the ${captures} captures kept with this page too,
${frames} frames, sent and received; ${compared} of them were compared in ${fields} fields: <strong>${outcome}</strong>.
${damaged > 0 && html`Of damaged captures (${damaged}) only what can be read was compared. `}${stopped !== undefined && html`<strong>It did not get to the end: ${stopped}.</strong>`}</p>
${leftOutTable(figures)}${disagreementTable(figures)}`;
};

const leftOutTable = ({ leftOut }: CrossCheck): Markup | false =>
  leftOut.length > 0 &&
  scrollingTable({
    label: 'Not compared with tshark',
    look: 'counts',
    caption: 'Not compared with tshark, or not wholly',
    heads: [head('Reason'), numberHead('frames')],
    rows: leftOut.map(({ reason, frames }) => html`<tr>${rowHead(reason)}${numberCell(frames)}</tr>`),
  });

const disagreementTable = ({ disagreements, disagreeing }: CrossCheck): Markup | false =>
  disagreements.length > 0 &&
  scrollingTable({
    label: 'Disagreements with tshark',
    look: 'counts',
    caption: `Disagreements with tshark, ${disagreements.length} of ${disagreeing}`,
    heads: [head('Capture'), numberHead('frame'), ...['Field', 'here', 'tshark'].map(head)],
    rows: disagreements.map(({ capture, frame, field, ours, theirs }) => {
      const values = [field, ours, theirs].map((text) => cell(html`<code>${text}</code>`));
      return html`<tr>${rowHead(capture)}${numberCell(frame)}${values}</tr>`;
    }),
  });
