/** How many requirements of each level are kept, broken, not reached, not tested: the result of a run in one table. */
import { type RequirementStanding, type StandingRequirement, standRequirements } from '../gate/requirement-standing.js';
import { type Level, levels } from '../suite/catalogue/requirement-schema.js';
import type { CaseResult } from '../suite/verdict/results.js';
import type { QuotedRegister } from './reported-cause.js';

export type LevelCount = { readonly level: Level } & Readonly<Record<RequirementStanding, number>>;

/** Levels of which some requirement is asked for; none without the register. Each counts once, whoever was judged. */
export const levelCounts = (
  results: readonly CaseResult[],
  register: QuotedRegister | undefined,
): readonly LevelCount[] => {
  if (register === undefined) return [];
  const standings = standRequirements(results);
  return levels.flatMap((level) => {
    const own = [...standings.values()].filter(({ id }) => register.get(id)?.level === level);
    const count = (wanted: RequirementStanding): number => own.filter(isOf(wanted)).length;
    if (own.length === 0) return [];
    return [
      {
        level,
        kept: count('kept'),
        broken: count('broken'),
        'not-reached': count('not-reached'),
        'not-tested': count('not-tested'),
      },
    ];
  });
};

const isOf =
  (wanted: RequirementStanding) =>
  ({ standing }: StandingRequirement): boolean =>
    standing === wanted;
