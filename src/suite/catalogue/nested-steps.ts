/** A step and those that follow its alternatives. */
import type { Step } from '../language/step.js';

export const withNested = (step: Step): readonly Step[] =>
  step.step === 'one-of' ? [step, ...step.alternatives.flatMap(({ next }) => next.flatMap(withNested))] : [step];
