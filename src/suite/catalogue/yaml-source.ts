/**
 * One YAML text opened for reading with positions: the plain value for the schema, the document for finding where each
 * part of it was written. Opening never throws; what is wrong with the text itself is listed in `problems`.
 */
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { type Path, type Problem, positionOf } from './problem.js';

/** A text and the name to call it by in messages; the loader decides what the name is relative to. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface YamlSource {
  readonly file: string;
  readonly document: Document;
  readonly lineCounter: LineCounter;
  /** The content as plain values; `undefined` if the text is not YAML. */
  readonly value: unknown;
  /** Syntax errors, keys written twice, unknown tags, aliases that explode. With any of these `value` is not to be used. */
  readonly problems: readonly Problem[];
}

export function openYaml({ file, text }: Source): YamlSource {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems: Problem[] = [...document.errors, ...document.warnings].map(({ pos, message }) => {
    const { line, col } = lineCounter.linePos(pos[0]);
    return { file, line, column: col, message: `not valid YAML: ${message}` };
  });
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const { line, col } = lineCounter.linePos(alias.range?.[0] ?? 0);
      problems.push({
        file,
        line,
        column: col,
        message: `not valid YAML: nothing is marked &${alias.source} before this`,
      });
    },
  });
  if (problems.length > 0) return { file, document, lineCounter, value: undefined, problems };
  try {
    return { file, document, lineCounter, value: document.toJS(), problems };
  } catch (thrown) {
    // The package refuses to expand aliases without bound.
    const message = `not usable YAML: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    return { file, document, lineCounter, value: undefined, problems: [{ file, line: 1, column: 1, message }] };
  }
}

/** A problem with the value (or key) at `path` of an opened text. */
export function problemAt(source: YamlSource, path: Path, message: string, at: 'value' | 'key' = 'value'): Problem {
  return { file: source.file, ...positionOf(source.document, source.lineCounter, path, at), message };
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
