/**
 * Whether a segment of the implementation is the one a case expects, field by field.
 *
 * A field that the case does not mention matches any value, with these exceptions, each of which a written field (or
 * `any`) replaces:
 * - SYN/ACK: `ack` is exactly the tester's next number (RFC 9293 section 3.10.7.2).
 * - other segments with ACK: `ack` is not beyond the tester's next number (RFC 9293 section 3.10.7.4).
 * - ACK, DATA, FIN: `seq` is the number expected next from the peer.
 * - MP_CAPABLE: `version` is the case's.
 *
 * `checksum: auto` on DSS or MP_CAPABLE requires the checksum of the mapping and the payload of the segment.
 */

import { countOctets } from '../../protocol/bytes/count-octets.js';
import { hexNumber } from '../../protocol/bytes/hex.js';
import { DssFlag } from '../../protocol/mptcp/option.js';
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { seqDiff } from '../../protocol/wire/seq.js';
import { flagNames } from '../../protocol/wire/tcp-flags.js';
import { hasMptcpKind, type TcpOption } from '../../protocol/wire/tcp-option.js';
import {
  type Expression,
  evaluate,
  integer,
  namesIn,
  type Scope,
  sameValue,
  showValue,
  type Value,
} from '../language/expression.js';
import { headerFields, optionLanguage } from '../language/option-language.js';
import type { FieldPattern, SegmentPattern } from '../language/segment-pattern.js';
import type { Computation, Difference } from '../verdict/verdict.js';
import type { Flow } from './flow.js';
import type { Plan } from './plan.js';
import { rightChecksum } from './right-checksum.js';
import { type Bindings, scopeOf, versionOf } from './scope.js';
import { segmentNameOf } from './segment-name.js';

export interface Match {
  readonly differences: readonly Difference[];
  /** Names after the match; valid only if there is no difference. */
  readonly bindings: Bindings;
}

/** A field to be compared: its place, its expected value, its observed value. */
interface Comparison {
  readonly field: string;
  readonly pattern: FieldPattern;
  readonly bits: number;
  readonly observed: Value | undefined;
}

/** The MPTCP options on a segment, well-formed or not. */
export const mptcpOptions = (tcp: Tcp): readonly TcpOption[] => tcp.options.filter(hasMptcpKind);

/** Whether flags and payload make it a segment of that name. */
export function isSegment(tcp: Tcp, name: SegmentPattern['segment']): boolean {
  const has = (flag: number) => (tcp.flags & flag) !== 0;
  switch (name) {
    case 'SYN':
      return has(TcpFlag.SYN) && !has(TcpFlag.ACK | TcpFlag.RST | TcpFlag.FIN);
    case 'SYN/ACK':
      return has(TcpFlag.SYN) && has(TcpFlag.ACK) && !has(TcpFlag.RST | TcpFlag.FIN);
    case 'ACK':
      return has(TcpFlag.ACK) && !has(TcpFlag.SYN | TcpFlag.RST | TcpFlag.FIN) && tcp.payload.length === 0;
    case 'DATA':
      return has(TcpFlag.ACK) && !has(TcpFlag.SYN | TcpFlag.RST) && tcp.payload.length > 0;
    case 'FIN':
      return has(TcpFlag.FIN) && has(TcpFlag.ACK) && !has(TcpFlag.SYN | TcpFlag.RST);
    case 'RST':
      return has(TcpFlag.RST);
    case 'RST/ACK':
      return has(TcpFlag.RST) && has(TcpFlag.ACK);
    case 'any':
      return true;
  }
}

const literal = (value: bigint, text: string): FieldPattern => ({ is: 'value', value: { op: 'literal', value }, text });

function impliedHeader(segment: SegmentPattern, tcp: Tcp, flow: Flow): readonly Comparison[] {
  const implied: Comparison[] = [];
  const given = (name: string) => name in segment.fields;
  if (segment.segment === 'SYN/ACK' && !given('ack'))
    implied.push({ field: 'ack', pattern: literal(BigInt(flow.next), 'next'), bits: 32, observed: BigInt(tcp.ack) });
  const settled = segment.segment === 'ACK' || segment.segment === 'DATA' || segment.segment === 'FIN';
  if (settled && !given('ack') && seqDiff(tcp.ack, flow.next) > 0)
    implied.push({
      field: 'ack',
      pattern: literal(BigInt(flow.next), 'at most next'),
      bits: 32,
      observed: BigInt(tcp.ack),
    });
  if (settled && !given('seq') && flow.expected !== undefined)
    implied.push({
      field: 'seq',
      pattern: literal(BigInt(flow.expected), 'expected'),
      bits: 32,
      observed: BigInt(tcp.seq),
    });
  return implied;
}

/** The context of a segment. */
export interface Knowledge {
  /** Keys of the implementation, for its checksums. */
  readonly peerKeys: readonly bigint[];
  /** Its latest Data ACK: a mapping need not repeat it (RFC 8684 section 3.3). */
  readonly toldDataAck: () => bigint | undefined;
}

const hasOctets = ({ payload, options }: Tcp): boolean =>
  payload.length > 0 || options.some((option) => option.option === 'dss' && (option.flags & DssFlag.F) !== 0);

const isAuto = (pattern: FieldPattern): boolean =>
  pattern.is === 'value' && pattern.value.op === 'name' && pattern.value.name === 'auto';

/** The value for `checksum: auto`: the right checksum, or none without a mapping. */
const auto = (checksum: number | undefined): FieldPattern =>
  checksum === undefined ? { is: 'absent' } : literal(BigInt(checksum), 'over mapping and payload');

function optionComparisons(
  segment: SegmentPattern,
  tcp: Tcp,
  plan: Plan,
  { peerKeys, toldDataAck }: Knowledge,
): { readonly comparisons: readonly Comparison[]; readonly differences: readonly Difference[] } {
  const comparisons: Comparison[] = [];
  const differences: Difference[] = [];
  for (const { name, pattern } of segment.options) {
    const found = tcp.options.filter((o) => o.option === name);
    if (pattern.presence === 'absent') {
      if (found.length > 0) differences.push({ field: name, expected: 'absent', got: 'present' });
      continue;
    }
    const [option] = found;
    if (option === undefined) {
      const spoiled = tcp.options.find((o) => o.option === 'malformed' && o.malformed.path.includes(name));
      const got = spoiled?.option === 'malformed' ? `malformed (${spoiled.malformed.why})` : 'absent';
      differences.push({ field: name, expected: 'present', got });
      continue;
    }
    if (found.length > 1) differences.push({ field: name, expected: 'once', got: `${found.length} times` });
    const words = optionLanguage[name]?.fields ?? {};
    const fields = {
      ...(name === 'mp_capable' ? { version: literal(BigInt(versionOf(plan)), 'of the case') } : {}),
      ...pattern.fields,
    };
    for (const [field, wanted] of Object.entries(fields)) {
      const word = words[field];
      if (word === undefined) continue;
      comparisons.push({
        field: `${name}.${field}`,
        pattern: isAuto(wanted) ? auto(rightChecksum(option, tcp, versionOf(plan), peerKeys)) : wanted,
        bits: word.bitsIn(option),
        observed: word.read(option) ?? (`${name}.${field}` === 'dss.ack' && hasOctets(tcp) ? toldDataAck() : undefined),
      });
    }
  }
  if (segment.mptcpAbsent) {
    const there = mptcpOptions(tcp).map((o) => o.option);
    if (there.length > 0) differences.push({ field: 'mptcp', expected: 'no MPTCP option', got: there.join(', ') });
  }
  return { comparisons, differences };
}

function payloadDifference(segment: SegmentPattern, tcp: Tcp): readonly Difference[] {
  if (segment.payload === undefined) return [];
  if (segment.payload.is === 'length')
    return tcp.payload.length === segment.payload.length
      ? []
      : [{ field: 'payload', expected: countOctets(segment.payload.length), got: countOctets(tcp.payload.length) }];
  const wanted = segment.payload.octets;
  if (Buffer.compare(wanted, tcp.payload) === 0) return [];
  return [{ field: 'payload', expected: showValue(wanted), got: showValue(tcp.payload) }];
}

/** Names to bind: a pattern that is a single unbound name takes the observed value. */
const bindable = (pattern: FieldPattern, scope: Scope): string | undefined =>
  pattern.is === 'value' && pattern.value.op === 'name' && scope.lookup(pattern.value.name) === undefined
    ? pattern.value.name
    : undefined;

function compareValue(comparison: Comparison, scope: Scope, bindings: Bindings): Difference | undefined {
  const { field, pattern, bits, observed } = comparison;
  if (pattern.is === 'any') return undefined;
  if (pattern.is === 'absent')
    return observed === undefined ? undefined : { field, expected: 'absent', got: shownAs(field, observed) };
  if (observed === undefined) return { field, expected: expectedText(pattern, scope, field), got: 'absent' };
  if (holds(pattern, observed, (wanted) => sameValue(observed, evaluate(wanted, scope), bits))) return undefined;
  const computed = pattern.is === 'value' ? computationOf(pattern.value, pattern.text, scope) : undefined;
  const difference = { field, expected: expectedText(pattern, scope, field), got: shownAs(field, observed) };
  const named = bits >= bitsOfNames ? nameOf(observed, scope, bindings) : undefined;
  return {
    ...difference,
    ...(computed === undefined ? {} : { computed }),
    ...(named === undefined ? {} : { named }),
  };
}

/** Smaller values may be equal by chance. */
const bitsOfNames = 32;

/** The name of a value in the case: a name bound to it, or one with a bit flipped, as cases write it. */
function nameOf(observed: Value, scope: Scope, bindings: Bindings): string | undefined {
  for (const [name, value] of bindings) {
    if (value === observed) return name;
    if (typeof value === 'bigint' && scope.call('flip', [value, 0n]) === observed) return `flip(${name}, 0)`;
  }
  return undefined;
}

/** Whether a present value matches the pattern; `is` compares it with the value of an expression. */
function holds(
  pattern: Exclude<FieldPattern, { readonly is: 'any' | 'absent' }>,
  observed: Value,
  is: (wanted: Expression) => boolean,
): boolean {
  switch (pattern.is) {
    case 'value':
      return is(pattern.value);
    case 'not':
      return !is(pattern.value);
    case 'one-of':
      return pattern.values.some(({ value }) => is(value));
    case 'between':
      return integer(observed) >= pattern.least && integer(observed) <= pattern.most;
  }
}

/** The inputs of a computed value; undefined for a literal one. */
function computationOf(value: Expression, expression: string, scope: Scope): Computation | undefined {
  if (value.op !== 'call' && value.op !== 'sum') return undefined;
  const names = [...new Set(namesIn(value))];
  return { expression, inputs: names.map((name) => ({ name, value: inputText(scope.lookup(name) ?? '') })) };
}

const inputText = (value: Value): string => (typeof value === 'bigint' ? `0x${value.toString(16)}` : showValue(value));

/** Flags by their names, checksums as the decoder shows them, everything else as it is. */
function shownAs(field: string, value: Value): string {
  if (typeof value !== 'bigint') return showValue(value);
  if (field === 'flags') return flagNames(Number(value));
  return field.endsWith('checksum') ? hexNumber(value, 4) : showValue(value);
}

function expectedText(pattern: FieldPattern, scope: Scope, field: string): string {
  const shown = (value: Expression, text: string) => {
    if (namesIn(value).some((name) => scope.lookup(name) === undefined)) return text;
    const inWords = value.op !== 'literal' || /^[a-z ]+$/.test(text);
    if (inWords) return `${shownAs(field, evaluate(value, scope))} (${text})`;
    return field === 'flags' ? shownAs(field, value.value) : text;
  };
  switch (pattern.is) {
    case 'value':
      return shown(pattern.value, pattern.text);
    case 'not':
      return `anything but ${shown(pattern.value, pattern.text)}`;
    case 'one-of':
      return pattern.values.map((v) => shown(v.value, v.text)).join(' or ');
    case 'between':
      return `${pattern.least} to ${pattern.most}`;
    case 'any':
      return 'anything';
    case 'absent':
      return 'absent';
  }
}

/** Compares a segment with what is expected on its flow. Names are bound before expressions that use them are computed. */
export function match(
  plan: Plan,
  flow: Flow,
  segment: SegmentPattern,
  tcp: Tcp,
  bindings: Bindings,
  knowledge: Knowledge,
): Match {
  if (!isSegment(tcp, segment.segment))
    return { differences: [{ field: 'segment', expected: segment.segment, got: segmentNameOf(tcp) }], bindings };
  const options = optionComparisons(segment, tcp, plan, knowledge);
  const comparisons: Comparison[] = [...impliedHeader(segment, tcp, flow)];
  for (const [field, pattern] of Object.entries(segment.fields))
    comparisons.push({
      field,
      pattern,
      bits: headerFields[field]?.bits ?? 32,
      observed: headerFields[field]?.read(tcp),
    });
  comparisons.push(...options.comparisons);

  const bound = new Map(bindings);
  const scope = scopeOf(plan, flow, bound);
  const rest = comparisons.filter((comparison) => {
    const name = comparison.observed === undefined ? undefined : bindable(comparison.pattern, scope);
    if (name === undefined || comparison.observed === undefined) return true;
    bound.set(name, comparison.observed);
    return false;
  });
  const differences = [
    ...rest.map((comparison) => compareValue(comparison, scope, bound)).filter((d) => d !== undefined),
    ...options.differences,
    ...payloadDifference(segment, tcp),
  ];
  return { differences, bindings: bound };
}
