/** `robe mutants --explored`: which mutants the invariants of `robe explore` notice, and in which setting. */
import { type Finding, findViolation } from '../../explore/finding.js';
import { settings } from '../../explore/settings.js';
import type { Mutant } from '../../mutants/mutant.js';
import { counted } from '../../suite/verdict/counted.js';

export interface ExploredRow {
  readonly mutant: string;
  readonly requirement: string;
  readonly found: Finding | undefined;
}

/** States looked at in each setting at most. */
const mostStates = 3000;

/** Each as soon as it was explored. */
export function* exploreMutants(mutants: readonly Mutant[], seed: string): Generator<ExploredRow> {
  for (const mutant of mutants) {
    const { id, requirement } = mutant;
    yield { mutant: id, requirement, found: findViolation({ mutant, seed }, mostStates) };
  }
}

/** What was found of a mutant. */
export const exploredLine = ({ mutant, requirement, found }: ExploredRow): string =>
  [
    mutant,
    requirement,
    found === undefined
      ? 'nothing is violated'
      : `${found.invariant} (${found.setting}): ${found.what}; after ${found.schedule.join(', ')}`,
  ].join('  ');

export const exploredSummary = (rows: readonly ExploredRow[]): string => {
  const found = rows.flatMap((row) => (row.found === undefined ? [] : [row.found]));
  const percent = rows.length === 0 ? 100 : (100 * found.length) / rows.length;
  const wrong = found.filter(({ blames }) => blames === 'other').length;
  return `${found.length} of ${counted(rows.length, 'mutant')} violate an invariant (${percent.toFixed(1)} %), in one of ${settings.length} settings; the other end is named for ${wrong}`;
};
