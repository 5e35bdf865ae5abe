/** Cases that expect nothing: no implementation could fail them, so they would always pass. */
import type { ExpandedCase } from '../language/case.js';
import type { Step } from '../language/step.js';
import { withNested } from './nested-steps.js';
import type { Problem } from './problem.js';

export function purposeless(cases: readonly ExpandedCase[]): readonly Problem[] {
  const authored = new Map(cases.map((each) => [each.authoredId, each]));
  return [...authored.values()]
    .filter(({ steps }) => !steps.flatMap(withNested).some(asks))
    .map(({ authoredId, origin }) => ({
      ...origin,
      message: `${authoredId}: nothing is expected in this case, so no implementation can fail it`,
    }));
}

const asks = (step: Step): boolean => {
  switch (step.step) {
    case 'expect':
    case 'any-order':
    case 'one-of':
    case 'silence':
      return true;
    case 'control':
      return step.answer !== undefined;
    case 'declared':
      // Its steps are checked themselves.
      return false;
    case 'send':
    case 'icmp':
    case 'wait':
      return false;
  }
};
