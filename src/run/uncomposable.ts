/**
 * Finds segments of cases that cannot be sent: options that take more octets than a header has, an option without a
 * required field. Each is composed once as in a run, with invented values for every name.
 */

import { factsOf, layOutPath, mostPaths } from '../net/lab/layout.js';
import { seq } from '../protocol/wire/seq.js';
import type { Problem } from '../suite/catalogue/problem.js';
import type { ExpandedCase } from '../suite/language/case.js';
import { ExpressionError } from '../suite/language/expression.js';
import { flowsNamed } from '../suite/language/flow-names.js';
import type { SendStep, Step } from '../suite/language/step.js';
import { compose } from '../suite/scenario/compose.js';
import type { Surroundings } from '../suite/scenario/contract.js';
import { type Flow, unusedFlow } from '../suite/scenario/flow.js';
import { type PlanSettings, planCase } from '../suite/scenario/plan.js';
import { allocate } from './allocation.js';

/** One problem for each step that cannot be sent, in whichever case. */
export const uncomposable = (cases: readonly ExpandedCase[], settings: PlanSettings): readonly Problem[] => {
  const tried = new Set<string>();
  const numbers = new Map<Step, number>();
  const problems: Problem[] = [];
  for (const each of cases)
    for (const step of each.steps.flatMap(sendsIn)) {
      const number = numbers.get(step) ?? numbers.size;
      numbers.set(step, number);
      const key = `${number} ${each.mptcp} ${each.companions}`;
      if (tried.has(key)) continue;
      tried.add(key);
      const why = whyNot(each, step, settings);
      if (why !== undefined) problems.push({ ...step.origin, message: `${each.authoredId}: ${why}` });
    }
  return problems;
};

const sendsIn = (step: Step): readonly SendStep[] => {
  if (step.step === 'send') return [step];
  return step.step === 'one-of' ? step.alternatives.flatMap(({ next }) => next.flatMap(sendsIn)) : [];
};

const whyNot = (each: ExpandedCase, { on, segment }: SendStep, settings: PlanSettings): string | undefined => {
  const plan = planCase(each, placesFor(each), settings);
  const [flow = { name: '1', path: 1 }] = flowsNamed(on);
  try {
    compose(plan, flowOf(flow, each), segment, new Map(), 0n);
    return undefined;
  } catch (cause) {
    // Only a run has the values of names; if invented values do not fit, this is no mistake of the case.
    if (cause instanceof ExpressionError)
      return / is text, a number was expected$/.test(cause.message) ? undefined : cause.message;
    throw cause;
  }
};

/** As a lab would lay them out. */
const lab = allocate(factsOf(Array.from({ length: mostPaths }, (_, index) => layOutPath(index + 1))), 'composing');

const placesFor = (each: ExpandedCase): Surroundings => {
  const loan = lab.lend(each);
  if (loan === undefined) throw new RangeError(`a lab has no room for ${each.id}`);
  loan.giveBack();
  return loan.surroundings;
};

const mac = '02:00:00:00:00:01';

/** With an invented value for whatever the peer has told. */
const flowOf = ({ name, path }: Pick<Flow, 'name' | 'path'>, { ip, companions }: ExpandedCase): Flow => ({
  ...unusedFlow({
    name,
    path,
    local: { address: ip === 4 ? '192.0.2.1' : '2001:db8::1', port: 1024, mac },
    remote: { address: ip === 4 ? '192.0.2.2' : '2001:db8::2', port: 80, mac },
    isn: seq(1),
  }),
  next: seq(2),
  peerIsn: seq(1),
  expected: seq(2),
  peerTimestamp: companions === 'usual' ? 1 : undefined,
  peerKey: 1n,
});
