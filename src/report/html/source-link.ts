/** A place in a source as a link where the source stands on the web by section, and as text where it does not. */
import { html, type Markup } from './markup.js';

interface Place {
  readonly doc: string;
  readonly section?: string | undefined;
}

/** `RFC 8684 section 3.2`, which leads to rfc-editor.org. */
export const sourceLink = ({ doc, section }: Place): Markup => {
  const number = /^RFC (\d+)$/.exec(doc)?.[1];
  const text =
    section === undefined ? doc : `${doc} ${/^[0-9A-Z][0-9.]*$/.test(section) ? `section ${section}` : section}`;
  if (number === undefined) return html`${text}`;
  const [, chapter] = /^(\d+(?:\.\d+)*)/.exec(section ?? '') ?? [];
  const fragment = chapter === undefined ? '' : `#section-${chapter}`;
  return html`<a href="https://www.rfc-editor.org/rfc/rfc${number}.html${fragment}" rel="noreferrer">${text}</a>`;
};
