/**
 * What a step waits for, flow by flow: an expectation on any of several flows is one on each of them, of which the first
 * that is met counts.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SegmentPattern } from '../language/segment-pattern.js';
import type { AnyOrderStep, Expectation, ExpectStep, FlowName, OneOfStep, Step } from '../language/step.js';
import { badness } from '../verdict/verdict.js';
import { flowMeant } from './flows.js';
import type { Work } from './state.js';

export type AwaitStep = ExpectStep | AnyOrderStep | OneOfStep;

export const awaits = (step: Step): step is AwaitStep =>
  step.step === 'expect' || step.step === 'any-order' || step.step === 'one-of';

/** A segment awaited on one flow. */
export interface Awaited {
  /** The place of the expectation in its step. */
  readonly index: number;
  readonly on: FlowName;
  /** The flows of which any may bring it, where it is not this one alone. */
  readonly among: readonly string[];
  /** The name under which the flow is found, once the segment came. */
  readonly as?: string;
  readonly segment: SegmentPattern;
}

/** What is still awaited of a step. */
export const awaitedBy = (work: Work, step: AwaitStep): readonly Awaited[] =>
  expectationsOf(step).flatMap((expectation, index) =>
    expectation === undefined || work.met.has(index) ? [] : onEachFlow(work, expectation, index, alternatives(step)),
  );

const alternatives = (step: AwaitStep): readonly (Expectation | undefined)[] =>
  step.step === 'one-of' ? expectationsOf(step) : [];

const expectationsOf = (step: AwaitStep): readonly (Expectation | undefined)[] => {
  switch (step.step) {
    case 'expect':
      return [step];
    case 'any-order':
      return step.expectations;
    case 'one-of':
      return step.alternatives.map(({ expectation }) => expectation);
  }
};

function onEachFlow(
  work: Work,
  { on, segment }: Expectation,
  index: number,
  all: readonly (Expectation | undefined)[],
): readonly Awaited[] {
  if (!('any' in on)) return [{ index, on: flowMeant(work, on), among: flowsOfSame(work, segment, all), segment }];
  const { any, as } = on;
  const among = any.map(({ name }) => name);
  return any.map((flow) => ({ index, on: flow, among, segment, ...(as === undefined ? {} : { as }) }));
}

/** The flows on which alternatives of a step await the same octets, which may part over them; none where one flow does. */
function flowsOfSame(
  work: Work,
  { segment, payload }: SegmentPattern,
  all: readonly (Expectation | undefined)[],
): readonly string[] {
  if (segment !== 'DATA') return [];
  const same = all.flatMap((each) =>
    each !== undefined && !('any' in each.on) && isDeepStrictEqual(each.segment.payload, payload)
      ? [flowMeant(work, each.on).name]
      : [],
  );
  const flows = [...new Set(same)];
  return flows.length > 1 ? flows : [];
}

/** What a step waits for in the first place: of alternatives the one with the best outcome, the first of those that are alike. */
export const mostWanted = (step: AwaitStep, open: readonly Awaited[]): Awaited | undefined => {
  if (step.step !== 'one-of') return open[0];
  const badnessOf = ({ index }: Awaited): number => badness(step.alternatives[index]?.outcome ?? 'pass');
  return [...open].sort((one, other) => badnessOf(one) - badnessOf(other))[0];
};

/** What each alternative that fails nobody is called, and what it waits for; nothing where a step leaves no choice. */
export const rightAlternatives = (work: Work, step: AwaitStep): { readonly right?: readonly string[] } => {
  if (step.step !== 'one-of') return {};
  const awaited = awaitedBy(work, step);
  const right = step.alternatives.flatMap(({ outcome, observation }, place) => {
    if (outcome === 'fail' || outcome === 'error') return [];
    const names = awaitedNames(awaited.filter(({ index }) => index === place));
    return [`${observation}: ${names.length === 0 ? 'nothing' : names.join(', ')}`];
  });
  return { right };
};

/** The awaited segments in words: `DATA on 1 or 2` is one, `SYN on 1` and `SYN on 2` are two. */
export function awaitedNames(awaited: readonly Awaited[]): readonly string[] {
  const places = [...new Set(awaited.map(({ index }) => index))];
  return places.map((place) => {
    const here = awaited.filter(({ index }) => index === place);
    return `${here[0]?.segment.segment ?? 'segment'} on ${here.map(({ on }) => on.name).join(' or ')}`;
  });
}
