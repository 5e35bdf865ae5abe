/**
 * Edits of a baseline file that leave every other octet as it was written: comments, order, quotes, folded reasons. The
 * YAML package gives the place of each part; changed parts are replaced in the text itself.
 *
 * Alternative considered: changing the package's document and printing it. It keeps comments, but reformats folded text,
 * flow maps and spaces before comments, so that a one-word change becomes a diff that is hard to review.
 */
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  Scalar,
  stringify,
  type YAMLMap,
  YAMLSeq,
} from 'yaml';
import { type BaselineEntry, baselineFormat } from './baseline.js';

export type EntryFields = Pick<
  BaselineEntry,
  'cause' | 'case' | 'count' | 'expect' | 'signature' | 'observation' | 'reason' | 'issue'
>;

export interface BaselineDraft {
  setCatalogue(version: string): void;
  /** Sets the expectation of an entry; reason, issue and comments stay. */
  setExpectation(index: number, expected: Pick<EntryFields, 'expect' | 'signature' | 'observation'>): void;
  /** Sets the number of cases of an entry's cause. */
  setCount(index: number, count: number): void;
  /** Removes an entry, with the comment directly above it. */
  remove(index: number): void;
  add(entry: EntryFields): void;
  /** The text with all edits. */
  finish(): string;
}

/** The first baseline of an implementation. `comment` is its first line, if given: the schema for editors. */
export const emptyBaseline = (iut: string, version: string, comment?: string): string =>
  [
    ...(comment === undefined ? [] : [comment]),
    '# Known deviations. Everything that is not listed is expected to conform.',
    `format: ${baselineFormat}`,
    `iut: ${inline(iut)}`,
    `catalogue: ${inline(version)}`,
    'entries: []',
    '',
  ].join('\n');

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * Opens a text that `readBaseline` has found sound. Indexes are those of the text as opened, whatever is removed.
 * Undefined if the entries are in brackets instead of on lines of their own: such a list must be edited by hand.
 */
export const draftBaseline = (text: string): BaselineDraft | undefined => {
  const { contents } = parseDocument(text);
  const list = pairOf(contents, 'entries')?.value;
  if (!isMap(contents) || !isSeq(list)) throw new TypeError('a sound baseline is a map with entries');
  if (list.flow === true && list.items.length > 0) return undefined;
  const entries = list.items.filter((item) => isMap(item));
  const edits: Edit[] = [];
  const removed = new Set<number>();
  const added: EntryFields[] = [];
  const entryAt = (index: number): YAMLMap => {
    const entry = entries[index];
    if (entry === undefined) throw new RangeError(`there is no entry ${index}`);
    return entry;
  };
  return {
    setCatalogue: (version) => edits.push(...replaceValue(text, contents, 'catalogue', version)),
    setExpectation(index, { expect, signature, observation }) {
      const entry = entryAt(index);
      edits.push(...replaceValue(text, entry, 'expect', expect));
      edits.push(...placeValue(text, entry, 'signature', signature));
      edits.push(...placeValue(text, entry, 'observation', observation));
      edits.push(...placeValue(text, entry, 'among', undefined));
    },
    setCount: (index, count) => edits.push(replaceNumber(text, entryAt(index), 'count', count)),
    remove(index) {
      edits.push({ ...linesOf(text, entryAt(index)), text: '' });
      removed.add(index);
    },
    add: (entry) => added.push(entry),
    finish() {
      const left = entries.length - removed.size + added.length;
      if (added.length > 0) edits.push(append(text, list, added));
      else if (left === 0 && entries.length > 0)
        edits.push(insertion(endOf(pairOf(contents, 'entries')?.key) + 1, ' []'));
      return apply(text, edits);
    },
  };
};

const insertion = (at: number, text: string): Edit => ({ from: at, to: at, text });

/** Later places first, so that earlier ones stay where they are. */
const apply = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((a, b) => b.from - a.from)
    .reduce((edited, { from, to, text: put }) => edited.slice(0, from) + put + edited.slice(to), text);

const pairOf = (map: unknown, key: string): Pair | undefined =>
  isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);
const endOf = (node: unknown): number => (isNode(node) ? (node.range?.[1] ?? 0) : 0);

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** After the line's end, or the end of the text. */
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
};

/** A value on one line, quoted where YAML needs it. */
const inline = (value: string | readonly string[]): string =>
  typeof value === 'string'
    ? stringify(new Scalar(value), { lineWidth: 0, defaultStringType: 'PLAIN', blockQuote: false }).trimEnd()
    : flow(value);

const flow = (values: readonly string[]): string => {
  const list = new YAMLSeq();
  list.flow = true;
  list.items.push(...values.map((each) => new Scalar(each)));
  return stringify(list, { lineWidth: 0, flowCollectionPadding: false }).trimEnd();
};

const replaceValue = (text: string, map: unknown, key: string, value: string | readonly string[]): readonly Edit[] => {
  const node = pairOf(map, key)?.value;
  const [from, to] = [startOf(node), endOf(node)];
  // A block scalar ends with its line.
  const tail = text.slice(from, to).endsWith('\n') ? '\n' : '';
  return text.slice(from, to) === inline(value) ? [] : [{ from, to, text: inline(value) + tail }];
};

const replaceNumber = (text: string, map: unknown, key: string, value: number): Edit => {
  const node = pairOf(map, key)?.value;
  const written = text.slice(startOf(node), endOf(node));
  return { from: startOf(node), to: endOf(node), text: written.replace(/^\S+/, String(value)) };
};

/** Sets a key, after `expect` if it is new, or removes it. */
const placeValue = (text: string, map: YAMLMap, key: string, value: EntryFields['signature']): readonly Edit[] => {
  const there = pairOf(map, key);
  if (there !== undefined)
    return value === undefined ? [dropPair(text, map, there)] : replaceValue(text, map, key, value);
  if (value === undefined) return [];
  const expect = pairOf(map, 'expect');
  if (map.flow === true) return [insertion(endOf(expect?.value), `, ${key}: ${inline(value)}`)];
  const column = startOf(map) - lineStart(text, startOf(map));
  return [insertion(lineEnd(text, endOf(expect?.value)), `${' '.repeat(column)}${key}: ${inline(value)}\n`)];
};

const dropPair = (text: string, map: YAMLMap, pair: Pair): Edit => {
  const position = map.items.indexOf(pair);
  const [before, after] = [map.items[position - 1], map.items[position + 1]];
  if (map.flow !== true && before !== undefined)
    return {
      from: lineStart(text, startOf(pair.key)),
      to: lineEnd(text, Math.max(endOf(pair.value) - 1, 0)),
      text: '',
    };
  if (after !== undefined) return { from: startOf(pair.key), to: startOf(after.key), text: '' };
  return { from: endOf(before?.value), to: endOf(pair.value), text: '' };
};

/** The lines of an entry, with the comment directly above it and the blank lines after it. */
const linesOf = (text: string, entry: YAMLMap): Pick<Edit, 'from' | 'to'> => {
  let from = lineStart(text, startOf(entry));
  for (
    let above = lineStart(text, from - 1);
    from > 0 && /^\s*#/.test(text.slice(above, from));
    above = lineStart(text, from - 1)
  )
    from = above;
  let to = lineEnd(text, Math.max(contentEnd(text, entry) - 1, 0));
  while (to < text.length && text.slice(to, lineEnd(text, to)).trim() === '') to = lineEnd(text, to);
  return { from, to };
};

/** The end of the last line of an entry: its last value, without comments on lines of their own. */
const contentEnd = (text: string, entry: YAMLMap): number =>
  startOf(entry) +
  text.slice(startOf(entry), endOf(entry.flow === true ? entry : entry.items.at(-1)?.value)).trimEnd().length;

const append = (text: string, list: YAMLSeq, entries: readonly EntryFields[]): Edit => {
  const [first] = list.items;
  const last = list.items.at(-1);
  const column = first === undefined ? 2 : text.lastIndexOf('-', startOf(first)) - lineStart(text, startOf(first));
  const written = stringify(entries, { lineWidth: 0 })
    .trimEnd()
    .replaceAll(/^(?=.)/gm, ' '.repeat(column));
  if (!isMap(last)) return { from: text.lastIndexOf(':', startOf(list)) + 1, to: endOf(list), text: `\n${written}` };
  const at = lineEnd(text, contentEnd(text, last) - 1);
  return insertion(at, `${text[at - 1] === '\n' ? '' : '\n'}${written}\n`);
};
