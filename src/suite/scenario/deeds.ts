/**
 * The tester's actions in a case so far, in words without numbers: a finding names the point in the dialogue by them. A
 * linked list with the latest entry first, so that states can share it.
 */
import { toHex } from '../../protocol/bytes/hex.js';
import { digest } from '../../protocol/keys/hash.js';
import type { SegmentPattern } from '../language/segment-pattern.js';
import type { FlowRef, SendStep, Step } from '../language/step.js';
import type { Deed, Finding, RankedVerdict } from '../verdict/verdict.js';

export interface Deeds {
  /** `SYN+mp_join`: the segment and the names of its options; or the verb of control. */
  readonly said: string;
  readonly on?: FlowRef;
  readonly segment?: SegmentPattern;
  readonly before: Deeds | undefined;
}

export function sending({ on, segment }: SendStep, before: Deeds | undefined): Deeds {
  const present = segment.options.filter(({ pattern }) => pattern.presence !== 'absent').map(({ name }) => name);
  return { said: [segment.segment, ...present].join('+'), on, segment, before };
}

const waitingWord = 'wait';

export const waiting = (before: Deeds | undefined): Deeds => ({ said: waitingWord, before });

/** The latest action as `after`; for a failure, all actions as `trail` and `point`, relative to the current step. */
export function tellDeeds(
  deeds: Deeds | undefined,
  verdict: RankedVerdict,
  step: Step | undefined,
): Pick<Finding, 'after' | 'trail' | 'point'> {
  const after = latest(deeds);
  if (after === undefined) return {};
  if (verdict !== 'fail' && verdict !== 'nonstrict') return { after };
  const trail = trailOf(deeds, step);
  return { after, trail, point: pointOf(deeds, trail) };
}

const digits = 12;

/** Equal if the tester did the same, including the values. */
function pointOf(deeds: Deeds | undefined, trail: readonly Deed[]): string {
  const said: unknown[] = [];
  for (let each = deeds; each !== undefined; each = each.before)
    said.push([each.segment?.fields, each.segment?.options.map(({ pattern }) => pattern)]);
  const text = JSON.stringify([trail, said], (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return toHex(digest('sha256', new TextEncoder().encode(text))).slice(0, digits);
}

function latest(deeds: Deeds | undefined): string | undefined {
  let each = deeds;
  while (each?.said === waitingWord) each = each.before;
  return each?.said;
}

function trailOf(deeds: Deeds | undefined, step: Step | undefined): readonly Deed[] {
  const trail: Deed[] = [];
  const here = new Set(flowsOf(step).map(flowText));
  for (let each = deeds; each !== undefined; each = each.before) {
    const { said, on, segment } = each;
    const fields = [...Object.keys(segment?.fields ?? {}), ...(hasRaw(segment) ? ['raw'] : [])];
    trail.push({
      did: said,
      ...(on === undefined ? {} : { here: here.has(flowText(on)) }),
      ...(fields.length === 0 ? {} : { fields }),
    });
  }
  return trail.reverse();
}

/** Whether options are written as octets: what they say has no name. */
const hasRaw = (segment: SegmentPattern | undefined): boolean =>
  segment !== undefined && segment.rawBefore.length + segment.rawOptions.length > 0;

const flowText = (flow: FlowRef): string => ('found' in flow ? flow.found : `${flow.path}/${flow.name}`);

const flowsOf = (step: Step | undefined): readonly FlowRef[] => {
  switch (step?.step) {
    case 'send':
    case 'icmp':
      return [step.on];
    case 'expect':
      return flowsIn(step.on);
    case 'silence':
      return step.on;
    case 'any-order':
      return step.expectations.flatMap(({ on }) => flowsIn(on));
    case 'one-of':
      return step.alternatives.flatMap(({ expectation }) => (expectation === undefined ? [] : flowsIn(expectation.on)));
    case 'wait':
    case 'control':
    case 'declared':
    case undefined:
      return [];
  }
};

const flowsIn = (on: Extract<Step, { step: 'expect' }>['on']): readonly FlowRef[] => ('any' in on ? on.any : [on]);
