/**
 * HTML that its contents cannot break. A `Markup` is made by the tag `html` only; every other value inside the template
 * is text and comes out escaped, with control characters and direction marks made visible. So escaping cannot be
 * forgotten, and text of an implementation, a file or a case is never read as markup.
 */
import { printable } from '../../protocol/bytes/printable.js';

export class Markup {
  private constructor(readonly text: string) {}

  /** The only way in for text that is already markup: templates of this program. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }
}

/** `false` and `undefined` leave nothing, so that a part can be conditional. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeText = (text: string): string =>
  printable(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

const render = (content: Content): string => {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escapeText(content);
  return content.map(render).join('');
};

/** Attributes must be written in double quotes. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup =>
  Markup.trusted(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));

/** JSON inside a `script` element that is data: nothing in it can end the element or begin a comment. */
export const jsonData = (value: unknown): Markup =>
  Markup.trusted(
    JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'),
  );
