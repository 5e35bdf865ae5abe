/**
 * External text inside Markdown: it is displayed unchanged and never read as markup, HTML, a table's edge or a mention.
 */
import { printable } from '../protocol/bytes/printable.js';

const entity: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '@': '&#64;',
  '|': '&#124;',
};

const escapeHtml = (text: string): string => printable(text).replaceAll(/[&<>"@|]/g, (each) => entity[each] ?? each);

/** A sentence; never at the beginning of a line, where still other signs would mean something. */
export const markdownText = (text: string): string => escapeHtml(text).replaceAll(/(?<!&)[\\`*_[\]#~$]/g, '\\$&');

/** A name, as code: nothing in it means anything. */
export const markdownCode = (text: string): string =>
  `<code>${escapeHtml(text).replaceAll(/(?<!&)[\\`*_[\]#~$]/g, (each) => `&#${each.charCodeAt(0)};`)}</code>`;

/** A row of a table from cells that are Markdown already. */
export const tableRow = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
