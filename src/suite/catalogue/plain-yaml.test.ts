import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readPlainYaml } from './plain-yaml.js';
import type { Path } from './problem.js';
import { readYamlDocument } from './yaml-document.js';

/** The way to every part of a value, and to one that is not there. */
const pathsIn = (value: unknown, path: Path = []): readonly Path[] => {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, [...path, 'absent'], ...parts.flatMap(([key, part]) => pathsIn(part, [...path, key]))];
};

const placesIn = (value: unknown, { offsetOf }: Pick<ReturnType<typeof readYamlDocument>, 'offsetOf'>) =>
  pathsIn(value).map((path) => [path.join('/'), offsetOf(path, 'key'), offsetOf(path, 'value')]);

const expectBothAlike = (text: string): void => {
  const plain = readPlainYaml(text) ?? expect.fail('it was left to the careful reading');
  const document = readYamlDocument(text);
  expect(document.faults).to.deep.equal([]);
  expect(plain.value).to.deep.equal(document.value);
  expect(placesIn(plain.value, plain)).to.deep.equal(placesIn(document.value, document));
};

describe('plain YAML', () => {
  const plain: readonly string[] = [
    '# head\n- id: one\n  list: [1, "two", \'three\', {a: b}]\n  deep:\n    - - x\n      - y\n',
    'a: [~, null, true, TRUE, False, no, 0, -1, +1, 007, 0x1F, 0o17, 0b1, 1_000, 1.5, .5, 5., 1e3, -.inf, .NaN, ==, 12:30]',
    'a: >-\n  folded\n  text\n\n  more\nb: |+\n  kept\n\nc: >\n  d > e\n',
    '- why: |\n    a\n     b\n- |2\n   c\n',
    "a: two\n  lines # and why\n\"b\": \"\\x41\\\n  c\"\n'd': 'it''s'\n",
    'flows: {2: {host: 2}, 10: {}}\n15: [[], {}]\n',
    'a: {b: c,\n  d: [e,\n  f]}\n',
    'constructor: x\n? y\n: z\n<<: w\n',
  ];
  for (const text of plain)
    it(`${JSON.stringify(text)} is read as by the careful reading`, () => expectBothAlike(text));

  it('cases are, so that they are read quickly', () => {
    const directory = fileURLToPath(new URL('../../../cases/tcp/server/', import.meta.url));
    for (const name of readdirSync(directory)) expectBothAlike(readFileSync(`${directory}${name}`, 'utf8'));
  });

  const unusual: readonly (readonly [what: string, text: string])[] = [
    ['nothing', ''],
    ['a syntax error', 'a: [1'],
    ['a key written twice', 'a: 1\na: 2'],
    ['a number and a text that are the same key', '1: a\n"1": b'],
    ['an anchor', 'a: &b 1'],
    ['an alias', 'a: *b'],
    ['a tag', 'a: !!str 1'],
    ['an empty value', 'a:\nb: 1'],
    ['a key that is a list', '? [a]\n: b'],
    ['a key that is no text', 'true: a'],
    ['a name that objects keep to themselves', '__proto__: a'],
    ['two documents', '--- 1\n--- 2'],
    ['the end of a document', 'a\n...'],
    ['a directive', '%YAML 1.2\n---\na'],
    ['a tab', 'a:\tb'],
    ['other ends of lines', 'a: 1\r\nb: 2'],
    ['a comment behind the sign of a block', 'a: > # why\n  b'],
  ];
  for (const [what, text] of unusual)
    it(`leaves ${what} to the careful reading`, () => expect(readPlainYaml(text)).to.equal(undefined));
});
