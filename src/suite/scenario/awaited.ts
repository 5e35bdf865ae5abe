/**
 * The expectations of a step, flow by flow: an expectation on any of several flows is one on each of them, and the first
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

/** A segment expected on one flow. */
export interface Awaited {
  /** The place of the expectation in its step. */
  readonly index: number;
  readonly on: FlowName;
  /** The flows on any of which it may come, if there are several. */
  readonly among: readonly string[];
  /** The name of the flow after the segment came. */
  readonly as?: string;
  readonly segment: SegmentPattern;
}

/** The expectations of a step that are still open. */
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

/**
 * The flows on which alternatives of a step expect the same octets, which may be divided between them; none for a single
 * flow.
 */
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

/** The main expectation of a step: of alternatives the one with the best outcome, and the first among equals. */
export const mostWanted = (step: AwaitStep, open: readonly Awaited[]): Awaited | undefined => {
  if (step.step !== 'one-of') return open[0];
  const badnessOf = ({ index }: Awaited): number => badness(step.alternatives[index]?.outcome ?? 'pass');
  return [...open].sort((one, other) => badnessOf(one) - badnessOf(other))[0];
};

/** Names and expectations of the alternatives that do not fail; empty if a step has no choice. */
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

/** The expected segments in words: `DATA on 1 or 2` is one, `SYN on 1` and `SYN on 2` are two. */
export function awaitedNames(awaited: readonly Awaited[]): readonly string[] {
  const places = [...new Set(awaited.map(({ index }) => index))];
  return places.map((place) => {
    const here = awaited.filter(({ index }) => index === place);
    return `${here[0]?.segment.segment ?? 'segment'} on ${here.map(({ on }) => on.name).join(' or ')}`;
  });
}
