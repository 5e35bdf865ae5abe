/**
 * A packet octet by octet: a hex dump beside its fields, each octet knowing the field that it belongs to. The guilty packet
 * stands in the page as it is; all others travel as data, from which the page's script draws the same.
 */
import { toHex } from '../../protocol/bytes/hex.js';
import type { FrameField } from './frame-field.js';
import { html, type Markup } from './markup.js';
import { cell, head, rowHead, table } from './table.js';

export interface PacketView {
  readonly title: string;
  readonly frame: Uint8Array;
  readonly fields: readonly FrameField[];
  /** Names of fields that are not what was expected. */
  readonly wrong: readonly string[];
}

/** What the script needs of a packet: title, hex digits, fields as [from, to, name, value], names of wrong ones. */
export const packetData = ({ title, frame, fields, wrong }: PacketView): object => ({
  t: title,
  h: toHex(frame),
  f: fields.map(({ from, to, name, value }) => [from, to, name, value]),
  w: wrong,
});

const isWrong = ({ name }: FrameField, wrong: readonly string[]): boolean =>
  wrong.some((each) => name === each || (name.startsWith(`${each}.`) && !each.includes('.')));

export const packetPart = ({ title, frame, fields, wrong }: PacketView): Markup => {
  return html`<h4>${title}</h4>
<div class="octets"><pre class="hex" aria-label="Octets">${hexRows(frame, fields, wrong)}</pre>
${table({
  look: 'fields',
  heads: ['Octets', 'Field', 'Value'].map(head),
  rows: fields.map(
    (field, index) => html`<tr data-field="${index}"${isWrong(field, wrong) && html` class="wrong"`}>
${cell(range(field))}${rowHead(field.name)}${cell(field.value)}</tr>`,
  ),
})}</div>`;
};

const range = ({ from, to }: FrameField): string => (to - from === 1 ? String(from) : `${from}–${to - 1}`);

const rowSize = 16;

const hexRows = (frame: Uint8Array, fields: readonly FrameField[], wrong: readonly string[]): readonly Markup[] => {
  const fieldOf = (octet: number): number => fields.findLastIndex(({ from, to }) => from <= octet && octet < to);
  return Array.from({ length: Math.ceil(frame.length / rowSize) }, (_, row) => {
    const start = row * rowSize;
    const octets = [...frame.subarray(start, start + rowSize)].map((octet, column) => {
      const index = fieldOf(start + column);
      const field = fields[index];
      const bad = field !== undefined && isWrong(field, wrong);
      return html` <span${index >= 0 && html` data-field="${index}"`}${bad && html` class="wrong"`}>${octet.toString(16).padStart(2, '0')}</span>`;
    });
    return html`<i>${start.toString(16).padStart(4, '0')}</i> ${octets}\n`;
  });
};
