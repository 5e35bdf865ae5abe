/** From a segment as written in YAML (checked against the schema, variables replaced) to a {@link SegmentPattern}. */
import { type Expression, ExpressionError, parseExpression, withPlainNames } from '../language/expression.js';
import { headerFields, optionLanguage } from '../language/option-language.js';
import { type FieldPattern, type Fields, type SegmentPattern, segmentNames } from '../language/segment-pattern.js';
import type { AnyFlow, FlowName, FlowRef } from '../language/step.js';

type Raw = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

function expressionOf(value: unknown): { readonly value: ReturnType<typeof parseExpression>; readonly text: string } {
  const text = withPlainNames(String(value));
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new ExpressionError(`write this number in quotes: YAML has lost digits of it and read ${text}`);
  if (typeof value === 'boolean') return { value: { op: 'literal', value: value ? 1n : 0n }, text };
  return { value: parseExpression(text), text };
}

function numberOf(value: unknown): bigint {
  const { value: expression, text } = expressionOf(value);
  if (expression.op !== 'literal' || typeof expression.value !== 'bigint')
    throw new ExpressionError(`expected a number, got \`${text}\``);
  return expression.value;
}

/**
 * Octets have one notation everywhere, quoted or not: pairs of hex digits, optionally with blanks between them, with or
 * without `0x`, or the same as `{hex: …}`. Text that does not begin with a digit is a name or an expression.
 */
function literalOctets(value: unknown): { readonly value: Expression; readonly text: string } | undefined {
  const written = isRecord(value) && 'hex' in value ? value['hex'] : /^\d/.test(String(value)) ? value : undefined;
  if (written === undefined || isRecord(written)) return undefined;
  const octets = octetsFromHex(String(written).replace(/^0x/, ''));
  return { value: { op: 'literal', value: octets }, text: Buffer.from(octets).toString('hex') };
}

function octetsPattern(value: unknown): FieldPattern {
  const octets = literalOctets(value);
  if (octets !== undefined) return { is: 'value', ...octets };
  if (isRecord(value) && 'not' in value) {
    const not = literalOctets(value['not']);
    if (not !== undefined) return { is: 'not', ...not };
  }
  if (isRecord(value) && Array.isArray(value['in']))
    return { is: 'one-of', values: value['in'].map((each) => literalOctets(each) ?? expressionOf(each)) };
  return fieldPattern(value);
}

function fieldPattern(value: unknown): FieldPattern {
  if (value === 'any') return { is: 'any' };
  if (value === 'absent') return { is: 'absent' };
  if (!isRecord(value)) return { is: 'value', ...expressionOf(value) };
  if ('hex' in value) throw new ExpressionError('{hex: …} stands for octets, and this field is a number');
  if ('not' in value) return { is: 'not', ...expressionOf(value['not']) };
  if (Array.isArray(value['in'])) return { is: 'one-of', values: value['in'].map(expressionOf) };
  return { is: 'between', least: numberOf(value['min']), most: numberOf(value['max']) };
}

function fieldsOf(
  raw: Raw,
  words: Readonly<Record<string, { readonly octets?: unknown; readonly isList?: true }>> = {},
): Fields {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [
      name,
      words[name]?.octets === undefined || words[name]?.isList === true ? fieldPattern(value) : octetsPattern(value),
    ]),
  );
}

const octetsFromHex = (hex: unknown): Uint8Array => {
  const text = String(isRecord(hex) ? hex['hex'] : hex).replaceAll(/\s/g, '');
  if (!/^([0-9a-fA-F]{2})*$/.test(text))
    throw new ExpressionError(`expected octets as pairs of hex digits, such as 00ff or 00 ff, got \`${text}\``);
  return Uint8Array.from(Buffer.from(text, 'hex'));
};

function payloadOf(data: unknown): SegmentPattern['payload'] {
  if (data === undefined) return undefined;
  if (!isRecord(data)) return { is: 'octets', octets: Uint8Array.from(Buffer.from(String(data), 'utf8')) };
  if ('hex' in data) return { is: 'octets', octets: octetsFromHex(data['hex']) };
  return { is: 'length', length: Number(numberOf(data['length'])) };
}

/** Reads a segment; throws an ExpressionError that names the part it could not read. */
export function compileSegment(raw: Raw): SegmentPattern {
  const segment = segmentNames.find((name) => name === raw['segment']);
  if (segment === undefined)
    throw new ExpressionError(
      `expected a segment, one of ${segmentNames.join(', ')}; got \`${String(raw['segment'])}\``,
    );
  const options: { name: string; pattern: SegmentPattern['options'][number]['pattern'] }[] = [];
  const header: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (name in headerFields) header[name] = value;
    if (!(name in optionLanguage)) continue;
    if (value === 'none') options.push({ name, pattern: { presence: 'absent' } });
    else if (isRecord(value))
      options.push({ name, pattern: { presence: 'present', fields: fieldsOf(value, optionLanguage[name]?.fields) } });
    else throw new ExpressionError(`expected the fields of ${name} or none, got \`${String(value)}\``);
  }
  const octetsOf = (name: 'raw' | 'raw_before') =>
    raw[name] === undefined ? [] : [raw[name]].flat().map(octetsFromHex);
  const payload = payloadOf(raw['data']);
  return {
    segment,
    fields: fieldsOf(header),
    options,
    rawOptions: octetsOf('raw'),
    rawBefore: octetsOf('raw_before'),
    mptcpAbsent: raw['mptcp'] === 'none',
    ...(payload === undefined ? {} : { payload }),
  };
}

/** `2` or `2/join`. */
function compileFlowName(value: unknown): FlowName {
  const name = String(value);
  const path = /^([1-4])(\/[A-Za-z0-9-]+)?$/.exec(name)?.[1];
  if (path === undefined)
    throw new ExpressionError(`expected a flow such as 1 or 2/join, on a path from 1 to 4, got \`${name}\``);
  return { path: Number(path), name };
}

const foundName = /^[A-Za-z][\w-]*$/;

/** A flow by name, or the name under which an earlier step found one. */
export const compileFlow = (value: unknown): FlowRef =>
  typeof value === 'string' && foundName.test(value) ? { found: value } : compileFlowName(value);

/** The flows on which a segment is expected: one flow, or `{any: [1, 2], as: echo}`. */
export function compilePlace(value: unknown): FlowRef | AnyFlow {
  if (!isRecord(value)) return compileFlow(value);
  const { any, as } = value;
  if (!Array.isArray(any) || any.length === 0)
    throw new ExpressionError(`expected the flows of which any may answer, such as [1, 2], got \`${String(any)}\``);
  if (as !== undefined && !foundName.test(String(as)))
    throw new ExpressionError(`expected a name of letters for the flow that answers, got \`${String(as)}\``);
  return { any: any.map(compileFlowName), ...(as === undefined ? {} : { as: String(as) }) };
}
