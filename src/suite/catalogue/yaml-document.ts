/**
 * Reads any YAML, strictly: syntax errors, duplicate keys, unknown tags and exploding aliases are reported with their
 * places, and the place of every part can be found, also through aliases.
 */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import type { Path } from './problem.js';

interface Fault {
  readonly offset: number;
  readonly message: string;
}

export interface YamlDocument {
  /** The content as plain values; `undefined` with any fault. */
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Where the value at `path`, or its key, is written; for a path that does not exist, the nearest enclosing value. */
  offsetOf(path: Path, at: 'value' | 'key'): number;
}

/**
 * `digits: 'as-written'`: numbers whose digits YAML would lose stay text: `00000000`, `0x0102`, `1e04`, and what has more digits
 * than a number holds. Octets are written so, and must come out as they were written.
 */
export function readYamlDocument(text: string, { digits = 'numbers' }: DigitsOption = {}): YamlDocument {
  const document = parseDocument(text, { prettyErrors: false });
  const at = (path: Path, kind: 'value' | 'key') => offsetOf(document, path, kind);
  const faults: Fault[] = [...firstOfSyntax(document.errors), ...document.warnings].map(({ pos, message }) => {
    const tab = indentingTab(text, pos[0]);
    if (tab !== undefined) return { offset: tab, message: 'not valid YAML: a tab indents this line, only spaces may' };
    return { offset: pos[0], message: `not valid YAML: ${message}` };
  });
  visit(document, {
    Pair: (_, { key }) => {
      if (!isNode(key) || isWord(resolve(key, document))) return;
      faults.push({
        offset: key.range?.[0] ?? 0,
        message: 'not valid here: a key has to be a word, not a list or a map',
      });
    },
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return;
      const message = `not valid YAML: nothing is marked &${alias.source} before this`;
      faults.push({ offset: alias.range?.[0] ?? 0, message });
    },
  });
  if (faults.length > 0) return { value: undefined, faults, offsetOf: at };
  if (digits === 'as-written')
    visit(document, {
      Scalar: (_, scalar) => {
        if (typeof scalar.value === 'number' && scalar.source !== undefined && losesDigits(scalar.value, scalar.source))
          scalar.value = scalar.source;
      },
    });
  try {
    return { value: document.toJS(), faults, offsetOf: at };
  } catch (thrown) {
    // The package refuses to expand aliases without bound.
    const message = `not usable YAML: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    return { value: undefined, faults: [{ offset: 0, message }], offsetOf: at };
  }
}

export interface DigitsOption {
  readonly digits?: 'numbers' | 'as-written';
}

const losesDigits = (value: number, source: string): boolean =>
  /^[0-9]/.test(source) && (!Number.isSafeInteger(value) || String(value) !== source) && !source.includes('.');

/** After the first syntax error later ones are meaningless; all duplicate keys are reported. */
const firstOfSyntax = (errors: readonly YAMLError[]): readonly YAMLError[] => {
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return errors.filter((error) => error.code === 'DUPLICATE_KEY' || error === first);
};

/** Where a tab stands in the indentation of the line of `offset`, if one does. */
const indentingTab = (text: string, offset: number): number | undefined => {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const [indentation = ''] = /^[ \t]*/.exec(text.slice(start)) ?? [];
  const tab = indentation.indexOf('\t');
  return tab < 0 ? undefined : start + tab;
};

function offsetOf(document: Document, path: Path, at: 'value' | 'key'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const found = childOf(resolve(node, document), step);
    if (found === undefined) break;
    const last = depth === path.length - 1;
    offset = (last && at === 'key' ? startOf(found.key) : startOf(found.value)) ?? startOf(found.key) ?? offset;
    node = found.value;
  }
  return offset;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const isWord = (node: unknown): boolean => isScalar(node) && (node.value === null || typeof node.value !== 'object');

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
