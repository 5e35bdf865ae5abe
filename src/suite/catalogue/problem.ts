/**
 * What is wrong with something somebody wrote, and where: file, line and column from 1, and one sentence that says what was
 * expected and what was there; and how a place in a YAML document is found.
 */
import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** From the root of a document: keys of maps and indexes of lists. */
export type Path = readonly PropertyKey[];

/** One line as compilers print it, so that editors and CI make it a link. */
export const printProblem = ({ file, line, column, message }: Problem): string =>
  `${file}:${line}:${column}: ${message}`;

/** By file, line, column, message: the order in which people mend them. */
export const compareProblems = (a: Problem, b: Problem): number =>
  compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Where the value at `path` is written; with `at: 'key'`, where its key is. A path that leads nowhere (a missing key) gives
 * the nearest thing around it that is there.
 */
export function positionOf(
  document: Document,
  lineCounter: LineCounter,
  path: Path,
  at: 'value' | 'key' = 'value',
): Position {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const found = childOf(resolve(node, document), step);
    if (found === undefined) break;
    const last = depth === path.length - 1;
    offset = (last && at === 'key' ? startOf(found.key) : startOf(found.value)) ?? startOf(found.key) ?? offset;
    node = found.value;
  }
  const { line, col } = lineCounter.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const resolve = (node: unknown, document: Document): unknown => (isAlias(node) ? node.resolve(document) : node);

function childOf(parent: unknown, step: PropertyKey): { readonly key?: Node; readonly value: unknown } | undefined {
  if (isSeq(parent)) {
    const value: unknown = parent.items[Number(step)];
    return value === undefined ? undefined : { value };
  }
  if (!isMap(parent)) return undefined;
  for (const pair of parent.items) {
    if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(step))
      return { key: pair.key, value: pair.value };
  }
  return undefined;
}
