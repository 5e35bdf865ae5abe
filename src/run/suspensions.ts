/**
 * Finds unnecessary suspensions. A case suspends a rule of the book because its own stimulus makes the rule inapplicable.
 * Without the suspension the reference must then break the rule in at least one of the case's expansions.
 */
import type { SimulatedSubject } from '../iut/subject.js';
import { applies } from '../suite/catalogue/applicability.js';
import type { Problem } from '../suite/catalogue/problem.js';
import type { ExpandedCase } from '../suite/language/case.js';
import { simulateCase } from './simulate.js';

/**
 * One problem for each rule that an authored case suspends unnecessarily. Cases that apply to no subject are left out.
 */
export const needlessSuspensions = (
  cases: readonly ExpandedCase[],
  subjects: readonly SimulatedSubject[],
): readonly Problem[] => {
  const suspending = cases.filter(({ suspended }) => Object.keys(suspended).length > 0);
  const authored = [...new Set(suspending.map(({ authoredId }) => authoredId))];
  return authored.flatMap((id) => {
    const expansions = suspending.filter(({ authoredId }) => authoredId === id);
    const judged = expansions.flatMap((each) => brokenRules(each, subjects));
    const [first] = expansions;
    if (first === undefined || judged.length === 0) return [];
    const broken = new Set(judged.flat());
    return Object.keys(first.suspended)
      .filter((name) => !broken.has(name))
      .map((name) => ({
        ...first.origin,
        message: `${first.authoredId} suspends the rule ${name}, but nothing in it breaks that rule; remove the suspension`,
      }));
  });
};

/** For each subject to which the case applies, the names of the rules that are broken if none is suspended. */
const brokenRules = (each: ExpandedCase, subjects: readonly SimulatedSubject[]): readonly (readonly string[])[] =>
  subjects
    .filter(({ claims }) => applies(each, claims).applies)
    .map((subject) =>
      simulateCase(subject, { ...each, suspended: {} }, 'suspensions').driven.judgement.findings.flatMap(
        ({ rule }) => rule ?? [],
      ),
    );
