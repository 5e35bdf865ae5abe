/**
 * The steps for a client that never joins (`join.when: never`), as local policy decides whether further subflows are opened (RFC 8684
 * section 3.2): where a case awaits a join, the client may open none, and then nothing is left to ask.
 */
import type { Alternative, AnyOrderStep, Expectation, ExpectStep, OneOfStep, Step } from '../language/step.js';

export const withoutJoins = (steps: readonly Step[]): readonly Step[] => steps.map(stepWithout);

function stepWithout(step: Step): Step {
  switch (step.step) {
    case 'expect':
      return isJoin(step) ? orNone(step, [joining(step)]) : step;
    case 'any-order':
      return step.expectations.some(isJoin) ? orNone(step, step.expectations.map(joiningAfterAll)) : step;
    case 'one-of':
      return alternativesWithout(step);
    default:
      return step;
  }
}

const alternativesWithout = (step: OneOfStep): OneOfStep => {
  const alternatives = step.alternatives.map((each) => ({ ...each, next: withoutJoins(each.next) }));
  const awaitsJoin = alternatives.some(({ expectation }) => expectation !== undefined && isJoin(expectation));
  if (!awaitsJoin) return { ...step, alternatives };
  const others = alternatives.filter(({ expectation, outcome }) => expectation !== undefined || outcome === 'pass');
  const isSettled = others.some(({ expectation }) => expectation === undefined);
  return { ...step, alternatives: isSettled ? others : [...others, none] };
};

/** A SYN with MP_JOIN. */
const isJoin = ({ segment: { segment, options } }: Expectation): boolean =>
  segment === 'SYN' && options.some(({ name, pattern }) => name === 'mp_join' && pattern.presence === 'present');

const none: Alternative = { outcome: 'info', observation: 'never-joins', next: [], ends: true };

const joining = ({ on, segment, otherwise: _, ...rest }: ExpectStep): Alternative => ({
  outcome: 'pass',
  observation: `joins-at-${rest.title.replaceAll(/\W+/g, '-')}`,
  expectation: { on, segment },
  next: [],
});

/** Of several joins any shows that the client does join: what follows is for others. */
const joiningAfterAll = (expectation: Expectation): Alternative => ({
  outcome: 'info',
  observation: 'joins-after-all',
  expectation,
  next: [],
  ends: true,
});

/** Within the time of a silence: nobody waits for what will not come. */
const orNone = (step: ExpectStep | AnyOrderStep, alternatives: readonly Alternative[]): OneOfStep => ({
  step: 'one-of',
  title: step.title,
  ...(step.label === undefined ? {} : { label: step.label }),
  origin: step.origin,
  window: {},
  alternatives: [...alternatives, none],
});
