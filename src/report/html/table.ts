/** Tables of the page. A wide one scrolls within a region of its own, which the keyboard reaches and a screen reader names. */
import { type Content, html, type Markup } from './markup.js';

export interface Table {
  /** What the region is called. */
  readonly label: Content;
  /** Class of the table: what its columns are like. */
  readonly look: string;
  readonly caption?: Content;
  /** Made by `head` and `numberHead`. */
  readonly heads: readonly Content[];
  readonly rows: readonly Content[];
  readonly foot?: Content;
}

export const head = (text: Content): Markup => html`<th scope="col">${text}</th>`;

/** Of a column of numbers, which stand to the right. */
export const numberHead = (text: Content): Markup => html`<th scope="col" class="n">${text}</th>`;

export const rowHead = (text: Content): Markup => html`<th scope="row">${text}</th>`;

export const cell = (text: Content): Markup => html`<td>${text}</td>`;

export const numberCell = (text: Content): Markup => html`<td class="n">${text}</td>`;

export const table = ({ look, caption, heads, rows, foot }: Omit<Table, 'label'>): Markup =>
  html`<table class="${look}">${caption !== undefined && html`<caption>${caption}</caption>`}
<thead><tr>${heads}</tr></thead>
<tbody>${rows}</tbody>${foot !== undefined && html`<tfoot>${foot}</tfoot>`}</table>`;

export const scrollingTable = ({ label, ...shown }: Table): Markup =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table(shown)}</div>`;
