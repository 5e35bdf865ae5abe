/** How long cases wait. Nanoseconds. */
import type { Step, Window } from '../suite/language/step.js';
import { defaultTiming, type Timing } from '../suite/language/timing.js';
import type { Plan } from '../suite/scenario/plan.js';

const margin = 60_000_000_000n;

/**
 * How long a case may take before it is abandoned: twice every wait it can make, for sentinels and clean-up, and a
 * margin. Only a defect of the suite exceeds it.
 */
export const patience = ({ case: { steps }, timing }: Plan): bigint =>
  2n * sum(steps, (step) => most(step, timing)) + margin;

/** How long these steps wait, with the usual length of a silence, even when every answer comes at once. */
export const unavoidableWait = (steps: readonly Step[]): bigint => sum(steps, least);

/** How long these steps are likely to wait, with an answer in the middle of its window: to begin the slowest first. */
export const likelyWait = (steps: readonly Step[]): bigint => sum(steps, likely);

const most = (step: Step, timing: Timing): bigint => {
  switch (step.step) {
    case 'send':
    case 'icmp':
      return 0n;
    case 'expect':
    case 'any-order':
      return (step.window.within ?? timing.reaction) + timing.grace;
    case 'one-of': {
      const followed = step.alternatives.map(({ next }) => sum(next, (inner) => most(inner, timing)));
      return (step.window.within ?? timing.reaction) + timing.grace + longest(followed);
    }
    case 'silence':
      return step.for ?? timing.silence;
    case 'wait':
      return step.for;
    case 'control':
      return timing.reaction;
    case 'declared':
      return longest([step.steps, step.otherwise].map((steps) => sum(steps, (inner) => most(inner, timing))));
  }
};

const least = (step: Step): bigint => {
  switch (step.step) {
    case 'send':
    case 'icmp':
    case 'control':
      return 0n;
    case 'expect':
    case 'any-order':
      return step.window.after ?? 0n;
    case 'one-of':
      return (step.window.after ?? 0n) + longest(step.alternatives.map(({ next }) => sum(next, least)));
    case 'silence':
      return step.for ?? defaultTiming.silence;
    case 'wait':
      return step.for;
    case 'declared':
      return longest([step.steps, step.otherwise].map((steps) => sum(steps, least)));
  }
};

const likely = (step: Step): bigint => {
  switch (step.step) {
    case 'expect':
    case 'any-order':
      return middle(step.window);
    case 'one-of':
      return middle(step.window) + longest(step.alternatives.map(({ next }) => sum(next, likely)));
    case 'send':
    case 'icmp':
    case 'control':
    case 'silence':
    case 'wait':
      return least(step);
    case 'declared':
      return longest([step.steps, step.otherwise].map((steps) => sum(steps, likely)));
  }
};

const middle = ({ after = 0n, within = after }: Window): bigint => (after + within) / 2n;

const sum = (steps: readonly Step[], wait: (step: Step) => bigint): bigint =>
  steps.reduce((total, step) => total + wait(step), 0n);

const longest = (waits: readonly bigint[]): bigint => {
  let found = 0n;
  for (const wait of waits) if (wait > found) found = wait;
  return found;
};
