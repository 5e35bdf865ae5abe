/** A step and those that follow its alternatives, or stand in it. */
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
