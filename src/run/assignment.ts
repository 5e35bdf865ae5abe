/**
 * Assigns cases to subjects, from claims alone, before anything runs. A case goes to the first subject to which it
 * applies: cases for plain hosts to a plain host, cases of a RobE profile to a host of that profile. In an exhaustive run
 * every subject gets every case that applies to it; to run all cases on one subject, name that subject. A case that
 * applies to no subject is listed once, with the first subject's reason.
 */
import type { Subject } from '../iut/subject.js';
import { applies } from '../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../suite/language/case.js';
import type { CaseResult } from '../suite/verdict/results.js';
import { notApplicable } from './result.js';

export interface Assignment {
  readonly subject: Subject;
  /** In catalogue order. */
  readonly cases: readonly ExpandedCase[];
}

export const assign = (
  subjects: readonly Subject[],
  cases: readonly ExpandedCase[],
  exhaustive = false,
): { readonly assignments: readonly Assignment[]; readonly notApplicable: readonly CaseResult[] } => {
  const assigned = new Set<string>();
  const assignments = subjects.map((subject) => {
    const own = cases.filter((each) => (exhaustive || !assigned.has(each.id)) && applies(each, subject.claims).applies);
    for (const { id } of own) assigned.add(id);
    return { subject, cases: own };
  });
  const [first] = subjects;
  const left = first === undefined ? [] : cases.filter(({ id }) => !assigned.has(id));
  return {
    assignments: assignments.filter((assignment) => assignment.cases.length > 0),
    notApplicable: left.flatMap((each) => {
      if (first === undefined) return [];
      const applicability = applies(each, first.claims);
      return applicability.applies ? [] : [notApplicable(first.name, each, applicability.why)];
    }),
  };
};
