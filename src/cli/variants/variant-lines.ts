/** Variants and what the catalogue says of them, as text and as JSON. */
import type { VariantRow } from '../../run/matrix/variant-matrix.js';
import type { Trial } from '../../run/matrix/variant-trial.js';
import { counted } from '../../suite/verdict/counted.js';
import type { Sentence, Variant } from '../../variants/variant.js';

/** Cases of one variant that are listed with what they found. */
const shown = 5;

export const sentenceText = ({ source, section, says }: Sentence): string => `${source} ${section}: ${says}`;

/** One line for a variant that nobody minds, more for one that is red. */
export function* rowLines(
  { variants, tried, differing, red, nonstrict }: VariantRow,
  width: number,
): Generator<string> {
  const name = variants.map(({ id }) => id).join(' + ');
  yield `${name.padEnd(width)}  ${String(differing).padStart(5)} of ${String(tried).padStart(4)}  ${count(red, 'red')}  ${count(nonstrict, 'nonstrict')}`.trimEnd();
  if (red.length + nonstrict.length === 0) return;
  for (const { sentence } of variants) yield `  ${sentenceText(sentence)}`;
  yield* listed(red);
  yield* listed(nonstrict);
}

const count = (trials: readonly Trial[], name: string): string =>
  (trials.length === 0 ? '' : `${trials.length} ${name}`).padEnd(name.length + 5);

function* listed(trials: readonly Trial[]): Generator<string> {
  for (const { id, verdict, sentence = '' } of trials.slice(0, shown)) yield `  ${verdict} ${id}: ${sentence}`;
  if (trials.length > shown) yield `  and ${trials.length - shown} more`;
}

export const headLine = (width: number): string => `${'variant'.padEnd(width)}  cases that differ`;

export const summaryLine = (rows: readonly VariantRow[]): string => {
  const red = rows.filter((row) => row.red.length > 0).length;
  const nonstrict = rows.filter((row) => row.nonstrict.length > 0).length;
  const idle = rows.filter(({ differing }) => differing === 0).length;
  const trials = rows.reduce((sum, { differing }) => sum + differing, 0);
  return `${counted(rows.length, 'variant')}, ${counted(trials, 'judgement')}: ${red} red, ${nonstrict} nonstrict, ${idle} that change no packet.`;
};

const ids = (trials: readonly Trial[]): readonly string[] => trials.map(({ id }) => id);

/** Stable names; `red` and `nonstrict` are ids of cases. */
export const rowJson = ({ variants, tried, differing, red, nonstrict }: VariantRow): object => ({
  ...nameOf(variants),
  tried,
  differing,
  red: ids(red),
  nonstrict: ids(nonstrict),
});

const nameOf = (variants: readonly Variant[]): object => {
  const [single, second] = variants;
  if (single === undefined || second !== undefined) return { variants: variants.map(({ id }) => id) };
  return { id: single.id, sentence: sentenceText(single.sentence) };
};
