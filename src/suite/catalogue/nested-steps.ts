/** A step, the steps after its alternatives, and the steps inside it. */
import type { Step } from '../language/step.js';

export function withNested(step: Step): readonly Step[] {
  switch (step.step) {
    case 'one-of':
      return [step, ...step.alternatives.flatMap(({ next }) => next.flatMap(withNested))];
    case 'declared':
      return [step, ...[...step.steps, ...step.otherwise].flatMap(withNested)];
    default:
      return [step];
  }
}
