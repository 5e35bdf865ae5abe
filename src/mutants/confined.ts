/**
 * A defect confined to occasions: a gate is asked each time that the defect would show, and the right answer stands where it
 * says no. The right answer is taken first, so that a host whose gate never opens is the reference to the octet.
 */
import { isDeepStrictEqual } from 'node:util';
import { rightDecisions } from '../reference/decisions.js';
import type { ParameterChanges, ReferenceParameters } from '../reference/parameters.js';
import type { DecisionChanges } from '../reference/questions.js';
import type { Fault } from './fault.js';

/** Whether the defect may show now. */
export type Gate = () => boolean;

export const confineFaults = (faults: readonly Fault[], gate: () => Gate): readonly Fault[] =>
  faults.map((fault) => {
    const own = gate();
    return { ...fault, when: (passing) => fault.when(passing) && own() };
  });

type Answer = (...asked: readonly unknown[]) => unknown;
type Group = Readonly<Record<string, Answer>>;

export const confineDecisions = (changes: DecisionChanges, gate: () => Gate): DecisionChanges =>
  Object.fromEntries(
    Object.entries(changes).map(([group, answers]) => {
      const right = rightDecisions[group as keyof typeof rightDecisions] as unknown as Group;
      const confined = Object.entries(answers as unknown as Group).map(([name, wrong]) => [
        name,
        confineAnswer(right[name] ?? wrong, wrong, gate()),
      ]);
      return [group, Object.fromEntries(confined)];
    }),
  );

const confineAnswer =
  (right: Answer, wrong: Answer, gate: Gate): Answer =>
  (...asked) => {
    const rightly = right(...asked);
    const wrongly = wrong(...asked);
    return isDeepStrictEqual(rightly, wrongly) || !gate() ? rightly : wrongly;
  };

/** Parameters that are as declared until the gate opens; a defect shows when a changed one is read. */
export const confineParameters = (
  declared: ReferenceParameters,
  changes: ParameterChanges,
  gate: () => Gate,
): ReferenceParameters => {
  const confined: Record<string, object> = { ...declared };
  for (const [group, members] of Object.entries(changes)) {
    const right = declared[group as keyof ReferenceParameters] as unknown as Readonly<Record<string, unknown>>;
    const own = gate();
    const readers = Object.entries(members ?? {}).map(([name, wrong]) => [
      name,
      { enumerable: true, get: () => (own() ? wrong : right[name]) },
    ]);
    confined[group] = Object.defineProperties({ ...right }, Object.fromEntries(readers));
  }
  return confined as unknown as ReferenceParameters;
};
