/** Which flows a case may use. */
import type { ExpandedCase } from './case.js';
import type { AnyFlow, FlowName, FlowRef, Step } from './step.js';

/** The named flows; a flow that an earlier step found is not among them. */
export const flowsNamed = (on: FlowRef | AnyFlow): readonly FlowName[] => {
  if ('found' in on) return [];
  return 'any' in on ? on.any : [on];
};

const namesOf = (on: FlowRef | AnyFlow): readonly string[] => flowsNamed(on).map(({ name }) => name);

/** Each once, in the order in which the steps name them, those after alternatives with them. */
export const flowNames = (steps: readonly Step[]): readonly string[] => [...new Set(steps.flatMap(namesIn))];

function namesIn(step: Step): readonly string[] {
  switch (step.step) {
    case 'send':
    case 'expect':
    case 'icmp':
      return namesOf(step.on);
    case 'any-order':
      return step.expectations.flatMap(({ on }) => namesOf(on));
    case 'one-of':
      return step.alternatives.flatMap(({ expectation, next }) => [
        ...(expectation === undefined ? [] : namesOf(expectation.on)),
        ...flowNames(next),
      ]);
    case 'silence':
      return step.on.flatMap(namesOf);
    case 'declared':
      return flowNames([...step.steps, ...step.otherwise]);
    case 'wait':
    case 'control':
      return [];
  }
}

/**
 * The number of connections that an implementation must hold at once for a case: one for each flow, since a closed one
 * may stay for a while, and one a path for the sentinel SYN at a server.
 */
export const connectionsOf = ({ steps, role, paths }: ExpandedCase): number =>
  flowNames(steps).length + (role === 'server' ? paths : 0);
