/**
 * Ways to damage a text as people and programs do: lines that are missing, repeated, moved or cut, other indents, values
 * of other types and at their limits, special characters of the language in the wrong place, pieces of another text.
 */
import type { Choose } from '../protocol/fuzz/mutations.js';

type Damage = (lines: string[], choose: Choose, other: readonly string[]) => void;

const values: readonly string[] = [
  '',
  'null',
  '~',
  'true',
  '-1',
  '0',
  '1e999',
  '.nan',
  '18446744073709551616',
  '0x10000000000000000',
  '-0',
  '[]',
  '{}',
  '[[[[]]]]',
  '""',
  '"\\u0000"',
  "'\u202e'",
  '*a',
  '&a [*a, *a]',
  '!!binary AA==',
  '!!js/function x',
  '<<: *a',
  '{__proto__: 1}',
  '{constructor: {}}',
  '2026-13-45',
  '|',
  '>-',
  '$$',
  '$x',
  'a'.repeat(3000),
  '9'.repeat(400),
  '('.repeat(2000),
];
const characters: readonly string[] = [...'{}[]:,#&*!|>\'"%@`-?$()+~/\\\t\u0000\u0007\u00a0\u2028\ufeff\ud800', '\r\n'];

const place = (lines: readonly string[], choose: Choose): number => choose(Math.max(lines.length, 1));

const dropLine: Damage = (lines, choose) => void lines.splice(place(lines, choose), 1);

const repeatLine: Damage = (lines, choose) => {
  const at = place(lines, choose);
  lines.splice(at, 0, lines[at] ?? '');
};

const moveLine: Damage = (lines, choose) => {
  const [line = ''] = lines.splice(place(lines, choose), 1);
  lines.splice(place(lines, choose), 0, line);
};

const indent: Damage = (lines, choose) => {
  const at = place(lines, choose);
  const line = lines[at] ?? '';
  lines[at] = choose(2) === 0 ? `${' '.repeat(1 + choose(4))}${line}` : line.replace(/^ {1,2}/, '');
};

/** Another value after one of the colons or commas of a line, as far as the next comma or bracket. */
const otherValue: Damage = (lines, choose) => {
  const at = place(lines, choose);
  const line = lines[at] ?? '';
  const starts = [...line.matchAll(/[:,[{] ?/g)].map((match) => match.index + match[0].length);
  const start = starts[choose(Math.max(starts.length, 1))] ?? 0;
  const rest = line.slice(start).search(/[,\]}]/);
  const end = rest < 0 ? line.length : start + rest;
  lines[at] = `${line.slice(0, start)}${values[choose(values.length)]}${line.slice(end)}`;
};

const strayCharacter: Damage = (lines, choose) => {
  const at = place(lines, choose);
  const line = lines[at] ?? '';
  const where = choose(line.length + 1);
  lines[at] = `${line.slice(0, where)}${characters[choose(characters.length)]}${line.slice(where + choose(2))}`;
};

const cut: Damage = (lines, choose) => {
  lines.length = choose(lines.length + 1);
  const last = lines.length - 1;
  if (last >= 0) lines[last] = (lines[last] ?? '').slice(0, choose((lines[last] ?? '').length + 1));
};

const splice: Damage = (lines, choose, other) => {
  const from = choose(Math.max(other.length, 1));
  lines.splice(place(lines, choose), choose(3), ...other.slice(from, from + 1 + choose(6)));
};

const damages: readonly Damage[] = [
  dropLine,
  repeatLine,
  moveLine,
  indent,
  otherValue,
  otherValue,
  otherValue,
  strayCharacter,
  strayCharacter,
  cut,
  splice,
];

/** A damaged copy of a text, as UTF-8: one to four damages, one after the other. */
export const damageText = (original: Uint8Array, choose: Choose, other: Uint8Array): Uint8Array => {
  const [lines, others] = [original, other].map((octets) => new TextDecoder().decode(octets).split('\n'));
  const damaged = [...(lines ?? [])];
  for (let left = 1 + choose(4); left > 0; left--) damages[choose(damages.length)]?.(damaged, choose, others ?? []);
  return new TextEncoder().encode(damaged.join('\n'));
};
