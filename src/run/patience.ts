/**
 * How long a case may take before it is given up: the sum of every wait it can make, plus as much again for sentinels,
 * control and cleaning up. Only a defect of ours exceeds it. Nanoseconds.
 */
import type { Step } from '../suite/catalogue/step.js';
import type { Plan } from '../suite/scenario/plan.js';

const margin = 60_000_000_000n;

export const patience = (plan: Plan): bigint => 2n * longestWait(plan.case.steps, plan) + margin;

/** The longest that these steps can wait, without sentinels. */
export const longestWait = (steps: readonly Step[], plan: Plan): bigint => {
  let total = 0n;
  for (const step of steps) total += longestOf(step, plan);
  return total;
};

const longestOf = (step: Step, plan: Plan): bigint => {
  const { reaction, grace } = plan.timing;
  switch (step.step) {
    case 'send':
      return 0n;
    case 'expect':
    case 'any-order':
      return (step.window.within ?? reaction) + grace;
    case 'one-of': {
      let behind = 0n;
      for (const { next } of step.alternatives) {
        const wait = longestWait(next, plan);
        if (wait > behind) behind = wait;
      }
      return (step.window.within ?? reaction) + grace + behind;
    }
    case 'silence':
    case 'wait':
      return step.for;
    case 'control':
      return reaction;
  }
};
