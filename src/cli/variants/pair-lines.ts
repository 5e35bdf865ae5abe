/** Variants used together and what the catalogue says of them, as text and as JSON. */
import type { Quarrel, RowOutcome } from '../../run/matrix/variant-rows.js';

const namesOf = ({ variants }: Quarrel): string => variants.map(({ id }) => id).join(' + ');

export const quarrelLine = (quarrel: Quarrel): string => {
  const { id, verdict, sentence = '' } = quarrel.trial;
  return `${namesOf(quarrel)}\n  ${verdict} ${id}: ${sentence}`;
};

export const pairsLine = (pairs: number, rows: number, outcomes: readonly RowOutcome[]): string => {
  const judgements = outcomes.reduce((sum, { differing }) => sum + differing, 0);
  const red = outcomes.reduce((sum, { quarrels }) => sum + quarrels.length, 0);
  return `${pairs} pairs in ${rows} rows, ${judgements} judgements: ${red} red or nonstrict.`;
};

/** Stable names; `red` has the fewest variants that a case minds together. */
export const pairsJson = (pairs: number, rows: number, outcomes: readonly RowOutcome[]): object => ({
  pairs,
  rows,
  judgements: outcomes.reduce((sum, { differing }) => sum + differing, 0),
  red: outcomes
    .flatMap(({ quarrels }) => quarrels)
    .map(({ variants, trial: { id, verdict, sentence = '' } }) => ({
      variants: variants.map((variant) => variant.id),
      case: id,
      verdict,
      sentence,
    })),
});
