/**
 * The standing of each requirement after a run: `kept` · `broken` · `not-reached` a case that cites it ran, but failed
 * earlier · `not-tested` no case that asks for it ran. Pure.
 *
 * A requirement is broken if a finding breaks its sentence ({@link brokenInAll}), in any case. It is kept if a case that
 * cites it finished and does not break it.
 */
import type { CaseResult } from '../suite/verdict/results.js';
import type { Verdict } from '../suite/verdict/verdict.js';
import { brokenInAll, cameToItsEnd } from './blamed.js';

export const requirementStandings = ['kept', 'broken', 'not-reached', 'not-tested'] as const;
export type RequirementStanding = (typeof requirementStandings)[number];

export interface StandingRequirement {
  readonly id: string;
  readonly standing: RequirementStanding;
  /** Results in which the sentence is broken. */
  readonly broken: readonly CaseResult[];
  /** Results of cases that cite it and failed before they tested it. */
  readonly blocked: readonly CaseResult[];
  readonly kept: readonly CaseResult[];
}

/** By id: every requirement that a result cites or breaks, and those of `also`. */
export function standRequirements(
  results: readonly CaseResult[],
  also: Iterable<string> = [],
): ReadonlyMap<string, StandingRequirement> {
  const sorted = new Map<string, Record<'broken' | 'blocked' | 'kept', CaseResult[]>>();
  const of = (id: string) => {
    const known = sorted.get(id) ?? { broken: [], blocked: [], kept: [] };
    sorted.set(id, known);
    return known;
  };
  for (const id of also) of(id);
  for (const { result, broken } of brokenInAll(results)) {
    for (const id of broken) of(id).broken.push(result);
    for (const id of result.requirements) {
      const requirement = of(id);
      if (broken.has(id) || wasNotRun(result.verdict)) continue;
      (cameToItsEnd(result) ? requirement.kept : requirement.blocked).push(result);
    }
  }
  return new Map(
    [...sorted].map(([id, { broken, blocked, kept }]) => {
      const standing =
        broken.length > 0 ? 'broken' : kept.length > 0 ? 'kept' : blocked.length > 0 ? 'not-reached' : 'not-tested';
      return [id, { id, standing, broken, blocked, kept }];
    }),
  );
}

const wasNotRun = (verdict: Verdict): boolean =>
  verdict === 'not-applicable' || verdict === 'not-run' || verdict === 'unsupported';
