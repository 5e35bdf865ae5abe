/** Resolves a case for a declaration: steps and reactions for certain declarations are chosen before the case runs. */
import { isDeepStrictEqual } from 'node:util';
import type { ExpandedCase } from '../language/case.js';
import { parameterDefaults } from '../language/parameters.js';
import type { Alternative, Declaration, Step } from '../language/step.js';
import type { Plan } from './plan.js';
import { withoutChecksums } from './without-checksums.js';
import { withoutJoins } from './without-joins.js';

type Declared = Readonly<Record<string, string | number | boolean>>;

const holds = (declaration: Declaration, declared: Declared): boolean =>
  Object.entries(declaration).every(([name, allowed]) => {
    const value = declared[name] ?? parameterDefaults[name];
    return value !== undefined && allowed.includes(value);
  });

/**
 * The steps of a case for an implementation with this declaration. A case that requires a declaration writes its offer
 * itself.
 */
export const stepsFor = ({ steps, parameters, role }: ExpandedCase, declared: Declared): readonly Step[] => {
  const joins = role === 'server' || !holds({ 'join.when': ['never'] }, declared);
  const settled = joins ? settle(steps, declared) : withoutJoins(settle(steps, declared));
  const refuses = holds({ 'mpc.refuse_checksum': [true] }, declared) && parameters['mpc.refuse_checksum'] === undefined;
  return refuses ? withoutChecksums(settled) : settled;
};

const settle = (steps: readonly Step[], declared: Declared): readonly Step[] =>
  steps.flatMap((step) => settleOne(step, declared));

function settleOne(step: Step, declared: Declared): readonly Step[] {
  switch (step.step) {
    case 'declared':
      return settle(holds(step.declared, declared) ? step.steps : step.otherwise, declared);
    case 'one-of':
      return [{ ...step, alternatives: step.alternatives.flatMap((each) => settleAlternative(each, declared)) }];
    default:
      return [step];
  }
}

const settleAlternative = (alternative: Alternative, declared: Declared): readonly Alternative[] =>
  alternative.declared !== undefined && !holds(alternative.declared, declared)
    ? []
    : [{ ...alternative, next: settle(alternative.next, declared) }];

/** Whether a case has the same steps for two declarations. */
export const asksTheSame = (asked: ExpandedCase, one: Declared, other: Declared): boolean =>
  isDeepStrictEqual(one, other) ||
  (hasSaid({ case: asked, declared: one }) === hasSaid({ case: asked, declared: other }) &&
    isDeepStrictEqual(stepsFor(asked, one), stepsFor(asked, other)));

/**
 * Octets that a client's application sends before its joins, for a client that joins after its own data: the name `said`
 * of the cases.
 */
export const hasSaid = ({ case: { role }, declared = {} }: Pick<Plan, 'case' | 'declared'>): bigint =>
  role === 'client' && (declared['join.when'] ?? parameterDefaults['join.when']) === 'own-data' ? 1n : 0n;
