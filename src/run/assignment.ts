/**
 * Who runs what, decided from claims before anything is run. Each subject gets the selected cases that apply to it; a
 * case that applies to no subject is listed once, with the first subject's reason.
 */
import type { Subject } from '../iut/subject.js';
import { applies } from '../suite/catalogue/applicability.js';
import type { ExpandedCase } from '../suite/catalogue/case.js';
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
): { readonly assignments: readonly Assignment[]; readonly notApplicable: readonly CaseResult[] } => {
  const assignments = subjects.map((subject) => ({
    subject,
    cases: cases.filter((each) => applies(each, subject.claims).applies),
  }));
  const assigned = new Set(assignments.flatMap((assignment) => assignment.cases.map(({ id }) => id)));
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
