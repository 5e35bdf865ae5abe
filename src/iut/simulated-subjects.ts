/** All subjects that run under virtual time: the references, their mutants, and the null implementations. */
import { embeddedSubjects } from './embedded-subject.js';
import { mutantSubjects } from './mutant-subject.js';
import { nullNames, nullSubjects } from './null/null-subject.js';
import type { SimulatedSubject } from './subject.js';

export const simulatedSubjects = (): readonly SimulatedSubject[] => {
  const mutants = mutantSubjects();
  return [
    ...embeddedSubjects(),
    ...mutants.flatMap(({ mutant, reference }) => [reference, mutant]),
    ...nullNames.flatMap(nullSubjects),
  ];
};
