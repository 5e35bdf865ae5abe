/** From one step as written (variables replaced; no fragment and no choice between reactions) to the step that runs. */

import { parseDuration } from '../language/duration.js';
import { ExpressionError, parseExpression } from '../language/expression.js';
import { icmpErrorNames } from '../language/icmp-errors.js';
import { alphabet } from '../language/segment-pattern.js';
import type {
  AnyOrderStep,
  ControlStep,
  Declaration,
  Expectation,
  ExpectStep,
  IcmpStep,
  Origin,
  SendStep,
  SilenceStep,
  Step,
  WaitStep,
  Window,
} from '../language/step.js';
import type { RankedVerdict } from '../verdict/verdict.js';
import { compileFlow, compilePlace, compileSegment } from './compile-segment.js';

export type Raw = Readonly<Record<string, unknown>>;

export const record = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});

/** The common fields of a step; its title depends on the steps before it. */
export interface Marks {
  readonly label?: string;
  readonly origin: Origin;
}

type Deed<S extends Step> = S extends Step ? Omit<S, 'title' | keyof Marks> : never;

/** A step without its number. */
export type UnnumberedStep = Deed<Exclude<Step, { step: 'one-of' | 'declared' }>> & Marks;

export const marksOf = (raw: Raw, origin: Origin): Marks => ({
  ...(raw['label'] === undefined ? {} : { label: String(raw['label']) }),
  origin,
});

/** Throws an ExpressionError that names the part it could not read. */
export function compileStep(raw: Raw, origin: Origin): UnnumberedStep {
  const marks = marksOf(raw, origin);
  if ('send' in raw) return { ...marks, ...sendOf(record(raw['send'])) };
  if ('expect' in raw) return { ...marks, ...expectOf(record(raw['expect'])) };
  if ('any-order' in raw) return { ...marks, ...anyOrderOf(raw) };
  if ('silence' in raw) return { ...marks, ...silenceOf(record(raw['silence'])) };
  if ('icmp' in raw) return { ...marks, ...icmpOf(record(raw['icmp'])) };
  if ('wait' in raw) return { ...marks, ...waitOf(raw['wait']) };
  return { ...marks, ...controlOf(record(raw['control'])) };
}

export const expectationOf = (raw: Raw): Expectation => ({
  on: compilePlace(raw['on']),
  segment: compileSegment(raw),
});

/** A single value means a list of one. */
export const declarationOf = (raw: unknown): Declaration =>
  Object.fromEntries(
    Object.entries(record(raw)).map(([name, value]) => [name, [value].flat() as (string | number | boolean)[]]),
  );

export const windowOf = (raw: Raw): Window => ({
  ...(raw['after'] === undefined ? {} : { after: durationOf(raw['after']) }),
  ...(raw['within'] === undefined ? {} : { within: durationOf(raw['within']) }),
  ...(raw['since'] === undefined ? {} : { since: String(raw['since']) }),
});

function durationOf(value: unknown): bigint {
  const time = parseDuration(String(value));
  if (time === undefined) throw new ExpressionError(`expected a time such as 200ms, got \`${String(value)}\``);
  return time;
}

/** A whole number from `least`: the value of a variable may be anything. */
function countOf(field: string, value: unknown, least: number): number {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < least)
    throw new ExpressionError(`\`${field}\` is a whole number from ${least}, got \`${String(value)}\``);
  return count;
}

function countsOf(field: string, value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new ExpressionError(`\`${field}\` is a list of numbers such as [1, 2], got \`${String(value)}\``);
  return value.map((each) => countOf(field, each, 1));
}

const sendOf = (raw: Raw): Deed<SendStep> => ({
  step: 'send',
  on: compileFlow(raw['on']),
  segment: compileSegment(raw),
  times: countOf('times', raw['times'] ?? 1, 1),
});

const expectOf = (raw: Raw): Deed<ExpectStep> => ({
  step: 'expect',
  ...expectationOf(raw),
  window: windowOf(raw),
  otherwise: (raw['otherwise'] ?? 'fail') as RankedVerdict,
});

const anyOrderOf = (raw: Raw): Deed<AnyOrderStep> => ({
  step: 'any-order',
  expectations: (raw['any-order'] as readonly Raw[]).map(expectationOf),
  window: windowOf(raw),
});

const silenceOf = (raw: Raw): Deed<SilenceStep> => ({
  step: 'silence',
  on: [raw['on']].flat().map(compileFlow),
  counted: [
    ...(raw['copies'] === 'count' ? ['copy' as const] : []),
    ...(raw['joins'] === 'count' ? ['join' as const] : []),
  ],
  ...(raw['for'] === undefined ? {} : { for: durationOf(raw['for']) }),
});

function icmpOf(raw: Raw): Deed<IcmpStep> {
  const error = icmpErrorNames.find((name) => name === raw['error']);
  if (error === undefined)
    throw new ExpressionError(
      `expected an ICMP error, one of ${icmpErrorNames.join(', ')}; got \`${String(raw['error'])}\``,
    );
  return {
    step: 'icmp',
    on: compileFlow(raw['on']),
    error,
    mtu: countOf('mtu', raw['mtu'] ?? 1280, 68),
    ...(raw['quoted_seq'] === undefined ? {} : { quotedSeq: parseExpression(String(raw['quoted_seq'])) }),
    ...(raw['quoted_port'] === undefined ? {} : { quotedPort: parseExpression(String(raw['quoted_port'])) }),
    ...(raw['quoted_address'] === undefined ? {} : { quotedAddress: parseExpression(String(raw['quoted_address'])) }),
  };
}

const waitOf = (time: unknown): Deed<WaitStep> => ({ step: 'wait', for: durationOf(time) });

const octetsToSend = (data: unknown): Uint8Array =>
  typeof data === 'object' && data !== null && 'length' in data
    ? alphabet(countOf('length', data.length, 1))
    : Uint8Array.from(Buffer.from(String(data), 'utf8'));

function controlOf(raw: Raw): Deed<ControlStep> {
  const verb = raw['verb'] as ControlStep['verb'];
  return {
    step: 'control',
    verb,
    connection: String(raw['connection'] ?? 'connection'),
    paths: countsOf('paths', raw['paths'] ?? [1]),
    hosts: countsOf('hosts', raw['hosts'] ?? [1]),
    ...(raw['port'] === undefined ? {} : { port: countOf('port', raw['port'], 1) }),
    ...(raw['server'] === undefined ? {} : { server: countOf('server', raw['server'], 1) }),
    ...(raw['path'] === undefined ? {} : { path: countOf('path', raw['path'], 1) }),
    ...(raw['backup'] === undefined ? {} : { backup: countOf('backup', raw['backup'], 0) === 1 }),
    ...(raw['data'] === undefined ? {} : { payload: octetsToSend(raw['data']) }),
    ...(raw['answer'] === undefined
      ? {}
      : { answer: raw['answer'] as Readonly<Record<string, string | number | boolean>> }),
  };
}
