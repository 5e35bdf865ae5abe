/**
 * What was expected beside what came, field by field: as words, and where both are known octet by octet as a strip in
 * which the digits that differ are underlined; for computed values also the inputs and what would give the value that came.
 */
import { fromHex, toHex } from '../../protocol/bytes/hex.js';
import { bigEndian } from '../../protocol/bytes/octets.js';
import type { CaseResult } from '../../suite/verdict/results.js';
import type { ExplainedComputation } from '../computation/explain-computation.js';
import type { FrameField } from './frame-field.js';
import { html, type Markup } from './markup.js';
import { cell, head, rowHead, scrollingTable } from './table.js';

type Difference = NonNullable<CaseResult['findings'][number]['differences']>[number];

export interface ShownDifference {
  readonly difference: Difference;
  /** Where the field stands, and the octets of the frame. */
  readonly place?: { readonly field: FrameField; readonly frame: Uint8Array } | undefined;
  readonly computation?: ExplainedComputation | undefined;
}

export const differencePart = (differences: readonly ShownDifference[]): Markup | false => {
  if (differences.length === 0) return false;
  return html`${scrollingTable({
    label: 'Expected and got',
    look: 'difference',
    caption: 'Field by field',
    heads: ['Field', 'Octets', 'Expected', 'Got'].map(head),
    rows: differences.map(differenceRow),
  })}
${differences.map(({ computation }) => computation !== undefined && computationPart(computation))}`;
};

const differenceRow = ({ difference, place }: ShownDifference): Markup => {
  const { field, expected, got } = difference;
  const octets = place === undefined ? '' : `${place.field.from}–${place.field.to - 1}`;
  const strip =
    place === undefined ? undefined : stripOf(expected, place.frame.subarray(place.field.from, place.field.to));
  const shown = (digits: Markup | undefined): Markup | false =>
    digits !== undefined && html`<code class="strip">${digits}</code>`;
  return html`<tr>${rowHead(html`<code>${field}</code>`)}${cell(octets)}
${cell(html`${expected}${shown(strip?.expected)}`)}
<td class="got">${got}${shown(strip?.got)}</td></tr>`;
};

/** Both as hex digits of the same width, the ones that differ underlined; undefined where the expectation is no value. */
const stripOf = (
  expected: string,
  observed: Uint8Array,
): { readonly expected: Markup; readonly got: Markup } | undefined => {
  const wanted = octetsOf(expected.split(' ')[0] ?? '', observed.length);
  if (wanted === undefined || observed.length < 2) return undefined;
  const [want, got] = [toHex(wanted), toHex(observed)];
  const underline = (digits: string, other: string): Markup =>
    html`${[...digits].map((digit, index) => [
      index > 0 && index % 8 === 0 ? ' ' : '',
      digit === other[index] ? digit : html`<u>${digit}</u>`,
    ])}`;
  return { expected: underline(want, got), got: underline(got, want) };
};

const octetsOf = (text: string, size: number): Uint8Array | undefined => {
  if (/^(0x[0-9a-f]+|\d+)$/.test(text) && size <= 8) return bigEndian(BigInt(text), size);
  return /^([0-9a-f]{2})+$/.test(text) && text.length === size * 2 ? fromHex(text) : undefined;
};

/** `title` says which value it is, where nothing above does. */
export const computationPart = (
  { rule, inputs, expected, got, given }: ExplainedComputation,
  title = 'How the value is computed',
): Markup => {
  return html`<div class="computation"><h4>${title}</h4><p>${rule}.</p>
<dl>${inputs.map(({ name, value }) => html`<dt>${name}</dt><dd><code>${value}</code></dd>`)}<dt>expected</dt><dd><code>${expected}</code></dd><dt>got</dt><dd><code>${got}</code></dd></dl>
${
  given.length === 0
    ? html`<p>None of the wrong computations that were tried gives the value that came.</p>`
    : html`<p>The value that came is what these give:</p><ul class="given">${given.map((each) => html`<li>${each}</li>`)}</ul>`
}</div>`;
};
