/**
 * Lines as wide as the terminal: what is longer goes on in the next line, below its own text. Nothing is folded that goes to a file
 * or a pipe, and no word is broken, so that names and paths can be copied.
 */
import { stripVTControlCharacters } from 'node:util';

interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The text as it fits on a stream, which may be a terminal. */
export const folded = (text: string, stream: object): string => {
  const { isTTY, columns }: Screen = stream;
  return isTTY === true && columns !== undefined && columns > 0
    ? text
        .split('\n')
        .map((line) => foldLine(line, columns))
        .join('\n')
    : text;
};

/** One line, folded at blanks. */
export const foldLine = (line: string, width: number): string => {
  if (widthOf(line) <= width) return line;
  const hang = ' '.repeat(hangOf(line, width));
  const lines: string[] = [];
  let current = '';
  // Blanks inside a line stay as they are; those at its end go.
  for (const word of line.match(/\s*\S+/g) ?? []) {
    if (current !== '' && widthOf(current + word) > width && current.trim() !== '') {
      lines.push(current);
      current = `${hang}${word.trimStart()}`;
    } else current += word;
  }
  return [...lines, current].join('\n');
};

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** A label that takes more of a line leaves no room for a text. */
const mostOfLine = 0.6;

/** Where the text of a line begins: after its label, where two blanks or more follow one, or a little further in than the line. */
const hangOf = (line: string, width: number): number => {
  const plain = stripVTControlCharacters(line);
  const start = plain.length - plain.trimStart().length;
  const label = /^\s*\S+(?: \S+)?\s{2,}/.exec(plain)?.[0].length ?? 0;
  return label > 0 && label <= width * mostOfLine ? label : Math.min(start + 2, Math.floor(width / 2));
};
