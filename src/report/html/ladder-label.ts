/**
 * The label of an arrow: the segment by its name in cases, and its MPTCP options. Values with a name in the case are
 * shown by that name (`key B`), other long ones are shortened; a link leads to the whole packet.
 */

import { countOctets } from '../../protocol/bytes/count-octets.js';
import { hexNumber, toHex } from '../../protocol/bytes/hex.js';
import { describeOption, describePacket } from '../../protocol/wire/describe.js';
import type { Packet } from '../../protocol/wire/packet.js';
import type { Value } from '../../suite/language/expression.js';
import { flowsNamed } from '../../suite/language/flow-names.js';
import type { FieldPattern, SegmentPattern } from '../../suite/language/segment-pattern.js';
import type { Expectation, Step } from '../../suite/language/step.js';
import { advance, begin } from '../../suite/scenario/interpreter.js';
import type { Plan } from '../../suite/scenario/plan.js';
import { segmentNameOf } from '../../suite/scenario/segment-name.js';
import type { Trace } from '../../suite/trace/trace.js';

/** The case's names of values, by the value as packets are described with it. */
export type ValueNames = ReadonlyMap<string, string>;

/** Names of values that are large enough not to occur by chance. */
export const valueNames = (plan: Plan, trace: Trace): ValueNames => {
  let state = begin(plan);
  for (const { entry } of trace) if ('event' in entry) state = advance(state, entry).state;
  return new Map([...state.bindings].flatMap(([name, value]) => spellings(value).map((text) => [text, name] as const)));
};

const smallest = 0x1_0000n;

const spellings = (value: Value): readonly string[] => {
  if (value instanceof Uint8Array) return value.length < 4 ? [] : [toHex(value)];
  if (typeof value === 'string' || value < smallest) return [];
  return [hexNumber(value, 16), hexNumber(value, 8)];
};

/** Usual TCP options are left out: they say nothing about MPTCP. */
const usual = new Set(['nop', 'eol', 'mss', 'window_scale', 'sack_permitted', 'timestamps', 'sack']);

/** `flow` where it has to be told from others of its path. */
export const packetLabel = (packet: Packet, names: ValueNames, flow?: string): string => {
  if (packet.kind !== 'tcp') return describePacket(packet);
  const { tcp } = packet;
  const options = tcp.options.filter(({ option }) => !usual.has(option)).map(describeOption);
  const on = flow === undefined ? '' : ` on ${flow}`;
  const payload = tcp.payload.length === 0 ? '' : ` ${countOctets(tcp.payload.length)}`;
  return named(`${segmentNameOf(tcp)}${on}${payload}${options.length === 0 ? '' : `  ${options.join(', ')}`}`, names);
};

const longHex = /0x[0-9a-f]{8,}|\b[0-9a-f]{16,}\b/g;

const named = (text: string, names: ValueNames): string =>
  text.replaceAll(
    longHex,
    (value) => names.get(value) ?? (value.length > 12 ? `${value.slice(0, 6)}…${value.slice(-4)}` : value),
  );

/** The expected segment as written in the case; `nth` among those of the step with the same flow and segment. */
export const expectationLabel = (step: Step | undefined, flow: string, segment: string, nth: number): string => {
  const alike = expectationsOf(step).filter((each) => isOn(each, flow) && each.segment.segment === segment);
  const expectation = alike[nth] ?? alike[0];
  const options = expectation === undefined ? '' : optionsLabel(expectation.segment);
  return `${segment}${options === '' ? '' : `  ${options}`}`;
};

/** One on a flow that an earlier step found may be on any. */
const isOn = ({ on }: Expectation, flow: string): boolean =>
  'found' in on || flowsNamed(on).some(({ name }) => name === flow);

const expectationsOf = (step: Step | undefined): readonly Expectation[] => {
  switch (step?.step) {
    case 'expect':
      return [step];
    case 'any-order':
      return step.expectations;
    case 'one-of':
      return step.alternatives.flatMap(({ expectation }) => (expectation === undefined ? [] : [expectation]));
    default:
      return [];
  }
};

const optionsLabel = ({ options, mptcpAbsent }: SegmentPattern): string =>
  [
    ...options.map(({ name, pattern }) =>
      pattern.presence === 'absent'
        ? `no ${name}`
        : [name, ...Object.entries(pattern.fields).map(([field, value]) => `${field} ${patternLabel(value)}`)].join(
            ' ',
          ),
    ),
    ...(mptcpAbsent ? ['no MPTCP option'] : []),
  ].join(', ');

/** The expected value of a field, in a few words. */
export const patternLabel = (pattern: FieldPattern): string => {
  switch (pattern.is) {
    case 'value':
      return pattern.text;
    case 'not':
      return `not ${pattern.text}`;
    case 'one-of':
      return pattern.values.map(({ text }) => text).join(' or ');
    case 'between':
      return `${pattern.least} to ${pattern.most}`;
    case 'any':
      return 'any';
    case 'absent':
      return 'absent';
  }
};
