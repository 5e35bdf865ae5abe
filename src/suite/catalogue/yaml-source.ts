/**
 * One YAML text opened for reading with positions: the plain value for the schema, and where each part of it was written.
 * Opening never throws; `problems` lists the problems of the text itself.
 */
import type { Path, Position, Problem } from './problem.js';
import { type DigitsOption, readYamlDocument } from './yaml-document.js';

/** A text and the name to call it by in messages; the loader decides what the name is relative to. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface YamlSource {
  readonly file: string;
  /** The content as plain values; `undefined` if the text is not YAML. */
  readonly value: unknown;
  /** Syntax errors, duplicate keys, unknown tags, exploding aliases. With any of these do not use `value`. */
  readonly problems: readonly Problem[];
  /**
   * Where the value at `path` is written; with `at: 'key'`, where its key is. For a path that does not exist (a missing
   * key), the nearest enclosing value.
   */
  positionOf(path: Path, at?: 'value' | 'key'): Position;
}

export function openYaml({ file, text }: Source, options: DigitsOption = {}): YamlSource {
  const locate = locator(text);
  const { value, offsetOf, faults } = readYamlDocument(text, options);
  return {
    file,
    value,
    problems: faults.map(({ offset, message }) => ({ file, ...locate(offset), message })),
    positionOf: (path, at = 'value') => locate(offsetOf(path, at)),
  };
}

/** Lines and columns of a text by offset. */
function locator(text: string): (offset: number) => Position {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let line = 0;
    for (let beyond = starts.length; beyond - line > 1; ) {
      const middle = (line + beyond) >> 1;
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else beyond = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** A problem with the value (or key) at `path` of an opened text. */
export function problemAt(source: YamlSource, path: Path, message: string, at: 'value' | 'key' = 'value'): Problem {
  return { file: source.file, ...source.positionOf(path, at), message };
}

/** The plain value at `path`, or undefined. */
export function valueAt(source: YamlSource, path: Path): unknown {
  let value = source.value;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
