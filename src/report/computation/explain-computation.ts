/**
 * Finds the likely wrong computation of a wrong value: for HMACs, MACs, tokens and initial data sequence numbers. It
 * shows which of the draft's open points an implementation settled in another way.
 */
import { fromHex } from '../../protocol/bytes/hex.js';
import { bigEndian } from '../../protocol/bytes/octets.js';
import type { MptcpVersion } from '../../protocol/keys/hash.js';
import type { JoinCapLayout } from '../../protocol/keys/join-cap-mac.js';
import { type Expression, ExpressionError, parseExpression } from '../../suite/language/expression.js';
import type { Computation } from '../../suite/verdict/verdict.js';
import { explainCapMac } from './cap-mac-readings.js';
import { explainInitialDsn, explainToken } from './digest-readings.js';
import { explainJoinHmac } from './join-hmac-readings.js';

export interface ComputationContext {
  readonly version: MptcpVersion;
  readonly joinCap: JoinCapLayout;
  /** Every key that was seen in the case, with what to call it. */
  readonly keys: readonly { readonly name: string; readonly key: bigint }[];
}

export interface ExplainedComputation {
  /** The right computation, in one sentence. */
  readonly rule: string;
  readonly inputs: readonly { readonly name: string; readonly value: string }[];
  readonly expected: string;
  readonly got: string;
  /** The computations that give the value that came; empty if none was found. */
  readonly given: readonly string[];
}

/** As a finding has it. */
interface ComputedDifference {
  readonly computed?: Computation | undefined;
  readonly expected: string;
  readonly got: string;
}

/** Undefined for a difference of another kind. */
export const explainComputation = (
  { computed, expected, got }: ComputedDifference,
  context: ComputationContext,
): ExplainedComputation | undefined => {
  if (computed === undefined) return undefined;
  const call = callIn(computed.expression);
  if (call === undefined) return undefined;
  const values = new Map(computed.inputs.map(({ name, value }) => [name, numberOf(value)]));
  const args = call.args.map((arg) => argumentOf(arg, values));
  const explain = explanations[call.name];
  if (explain === undefined) return undefined;
  const known = new Set(args);
  const others = context.keys.filter(({ key }) => !known.has(key));
  const given = explain.give({ args, offset: call.offset, got, context: { ...context, keys: others } });
  return given === undefined ? undefined : { rule: explain.rule, inputs: computed.inputs, expected, got, given };
};

interface Asked {
  readonly args: readonly (bigint | undefined)[];
  readonly offset: bigint;
  readonly got: string;
  readonly context: ComputationContext;
}

interface Explained {
  readonly rule: string;
  /** Undefined if an input is unknown or the value has no octets. */
  give(asked: Asked): readonly string[] | undefined;
}

const joinExplained = (rule: string, own: 'A' | 'B'): Explained => ({
  rule,
  give({ args: [a, b, ra, rb], got, context: { version } }) {
    const observed = octetsOf(got, undefined);
    if (a === undefined || b === undefined || ra === undefined || rb === undefined || observed === undefined)
      return undefined;
    const inputs =
      own === 'A'
        ? { version, ownKey: a, otherKey: b, ownNonce: ra, otherNonce: rb }
        : { version, ownKey: b, otherKey: a, ownNonce: rb, otherNonce: ra };
    return explainJoinHmac(inputs, observed);
  },
});

const explanations: Readonly<Record<string, Explained>> = {
  hmac_a: joinExplained('HMAC over RA, RB with the key A, B; the leftmost 160 bits (RFC 8684 section 3.2)', 'A'),
  hmac_b: joinExplained('HMAC over RB, RA with the key B, A; the leftmost 64 bits (RFC 8684 section 3.2)', 'B'),
  cap_mac: {
    rule: "MAC over Key-A, Key-B, Key-B' in the declared layout, ten bits of it replaced by the fast hash of Key-B",
    give({ args: [keyA, keyB, keyB2], got, context: { version, joinCap: layout, keys: others } }) {
      const observed = octetsOf(got, undefined);
      if (keyA === undefined || keyB === undefined || keyB2 === undefined || observed === undefined) return undefined;
      return explainCapMac({ version, layout, keyA, keyB, keyB2, others }, observed);
    },
  },
  token: {
    rule: 'the most significant 32 bits of the hash of the key (RFC 8684 section 3.2)',
    give({ args: [key], offset, got, context: { version, keys: others } }) {
      const observed = octetsOf(got, 4);
      return key === undefined || observed === undefined
        ? undefined
        : explainToken({ version, key, others, offset }, observed);
    },
  },
  idsn: {
    rule: 'the least significant 64 bits of the hash of the key (RFC 8684 section 3.1)',
    give({ args: [key], offset, got, context: { version, keys: others } }) {
      const observed = octetsOf(got, got.length > '0x'.length + 8 ? 8 : 4);
      return key === undefined || observed === undefined
        ? undefined
        : explainInitialDsn({ version, key, others, offset }, observed);
    },
  },
};

interface Call {
  readonly name: string;
  readonly args: readonly Expression[];
  readonly offset: bigint;
}

/** A call, alone or with numbers added. */
const callIn = (text: string): Call | undefined => {
  let expression: Expression;
  try {
    expression = parseExpression(text);
  } catch (cause) {
    if (cause instanceof ExpressionError) return undefined;
    throw cause;
  }
  return addedTo(expression, 0n);
};

const addedTo = (expression: Expression, offset: bigint): Call | undefined => {
  if (expression.op === 'call') return { name: expression.name, args: expression.args, offset };
  if (expression.op !== 'sum' || expression.right.op !== 'literal') return undefined;
  const { value } = expression.right;
  return typeof value === 'bigint' ? addedTo(expression.left, offset + expression.sign * value) : undefined;
};

/** An input by its name, or a number that stands in the expression itself. */
const argumentOf = (arg: Expression, values: ReadonlyMap<string, bigint | undefined>): bigint | undefined => {
  if (arg.op === 'name') return values.get(arg.name);
  return arg.op === 'literal' && typeof arg.value === 'bigint' ? arg.value : undefined;
};

const isNumber = /^(0x[0-9a-f]+|\d+)$/;

const numberOf = (text: string): bigint | undefined => (isNumber.test(text) ? BigInt(text) : undefined);

/** Octets as findings print them: hex digits as they are, numbers in `size` octets. */
const octetsOf = (text: string, size: number | undefined): Uint8Array | undefined => {
  if (size !== undefined) {
    const value = numberOf(text);
    return value === undefined ? undefined : bigEndian(value, size);
  }
  return /^([0-9a-f]{2})+$/.test(text) ? fromHex(text) : undefined;
};
