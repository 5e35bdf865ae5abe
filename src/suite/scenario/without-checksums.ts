/**
 * The steps for an implementation that refuses checksums (`mpc.refuse_checksum`): by RFC 8684 section 3.1 it treats an
 * MP_CAPABLE with flag A as TCP, so the tester never sets it. Flag A is clear in every MP_CAPABLE, and where a case has
 * the right checksum there is none.
 */
import { MpCapableFlag } from '../../protocol/mptcp/option.js';
import type { Expression } from '../language/expression.js';
import type { FieldPattern, Fields, SegmentPattern } from '../language/segment-pattern.js';
import type { Alternative, Expectation, Step } from '../language/step.js';

export const withoutChecksums = (steps: readonly Step[]): readonly Step[] => steps.map(stepWithout);

function stepWithout(step: Step): Step {
  switch (step.step) {
    case 'send':
      return { ...step, segment: segmentWithout(step.segment, []) };
    case 'expect':
      return { ...step, ...expectationWithout(step) };
    case 'any-order':
      return { ...step, expectations: step.expectations.map(expectationWithout) };
    case 'one-of':
      return { ...step, alternatives: step.alternatives.map(alternativeWithout) };
    case 'declared':
      return { ...step, steps: withoutChecksums(step.steps), otherwise: withoutChecksums(step.otherwise) };
    case 'silence':
    case 'icmp':
    case 'wait':
    case 'control':
      return step;
  }
}

const alternativeWithout = ({ expectation, ...alternative }: Alternative): Alternative => ({
  ...alternative,
  ...(expectation === undefined ? {} : { expectation: expectationWithout(expectation) }),
  next: withoutChecksums(alternative.next),
});

const expectationWithout = ({ on, segment }: Expectation): Expectation => ({
  on,
  segment: segmentWithout(segment, [{ is: 'absent' }]),
});

/** `instead` replaces a checksum: by nothing in a segment to send, by its absence in an expected one. */
const segmentWithout = (segment: SegmentPattern, instead: readonly FieldPattern[]): SegmentPattern => ({
  ...segment,
  options: segment.options.map(({ name, pattern }) =>
    pattern.presence === 'present' && (name === 'mp_capable' || name === 'dss')
      ? { name, pattern: { ...pattern, fields: fieldsWithout(pattern.fields, instead) } }
      : { name, pattern },
  ),
});

const fieldsWithout = (fields: Fields, instead: readonly FieldPattern[]): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      if (field.is !== 'value') return [[name, field]];
      if (name === 'checksum' && isRightChecksum(field.value)) return instead.map((each) => [name, each]);
      return [
        [name, name === 'a' ? without(field, 1n) : name === 'flags' ? without(field, BigInt(MpCapableFlag.A)) : field],
      ];
    }),
  );

type Given = Extract<FieldPattern, { readonly is: 'value' }>;

const isRightChecksum = (value: Expression): boolean =>
  (value.op === 'name' && value.name === 'auto') || (value.op === 'call' && value.name === 'dss_checksum');

/** The number with that bit clear; a value that is not a number stays. */
const without = (field: Given, bit: bigint): FieldPattern => {
  if (field.value.op !== 'literal' || typeof field.value.value !== 'bigint') return field;
  const value = field.value.value & ~bit;
  return { ...field, value: { op: 'literal', value }, text: `${value}` };
};
