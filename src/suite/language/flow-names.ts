/** Which flows a case may use. */
import type { Step } from './step.js';

/** Each once, in the order in which the steps name them, those behind alternatives with them. */
export const flowNames = (steps: readonly Step[]): readonly string[] => [...new Set(steps.flatMap(namesIn))];

function namesIn(step: Step): readonly string[] {
  switch (step.step) {
    case 'send':
    case 'expect':
    case 'icmp':
      return [step.on.name];
    case 'any-order':
      return step.expectations.map(({ on }) => on.name);
    case 'one-of':
      return step.alternatives.flatMap(({ expectation, next }) => [
        ...(expectation === undefined ? [] : [expectation.on.name]),
        ...flowNames(next),
      ]);
    case 'silence':
      return step.on.map(({ name }) => name);
    case 'wait':
    case 'control':
      return [];
  }
}
