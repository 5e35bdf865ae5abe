/**
 * The form of a step in a case file: which steps there are and what may stand in each. `compile-*.ts` says what it means.
 * Any scalar may be a matrix or fragment variable (`$name`), so fields that look like numbers take text too.
 */
import { z } from 'zod';
import { icmpErrorNames } from '../language/icmp-errors.js';
import { headerFields, optionLanguage, wrongFields } from '../language/option-language.js';
import { parameterDefaults } from '../language/parameters.js';
import { segmentNames } from '../language/segment-pattern.js';
import { controlVerbs } from '../language/step.js';
import { ranked } from '../verdict/verdict.js';

// `abort`: otherwise a union treats a text that is no variable as a nearly right one, and drops its other alternatives.
export const variable = z.string().regex(/^\$[A-Za-z_]/, { error: 'a variable such as $name', abort: true });
export const scalar = z.union([z.number(), z.string(), z.boolean()]);

/** Octets as pairs of hex digits; without quotes some of them look like numbers. */
const digits = z.union([z.string(), z.number()]);
const octets = z.union([digits, z.strictObject({ hex: digits })]);

/** One form for each MPTCP version; without one, the field is absent in that version. */
const eachVersion = <T extends z.ZodType>(each: T) => [
  z.strictObject({ v0: each, v1: each.optional() }).describe('by the MPTCP version of the case'),
  z.strictObject({ v1: each }).describe('in MPTCP version 1 only'),
];

/** The same in both versions, or one form for each. */
const byVersion = <T extends z.ZodType>(each: T) => z.union([each, ...eachVersion(each)]);

const oneValue = z
  .union([
    scalar,
    z.strictObject({ hex: digits }).describe('octets, as pairs of hex digits'),
    z.strictObject({ not: scalar }).describe('anything but this'),
    z.strictObject({ in: z.array(scalar).min(1) }).describe('one of these'),
    z.strictObject({ min: scalar, max: scalar }).describe('between these, both included'),
  ])
  .describe('a number, a name (bound on first sight), an expression such as token(B) or isn + 1, any, or absent');

const fieldValue = byVersion(oneValue);

const aTime = 'a time such as 200ms or 1.5s';
const duration = z
  .string(aTime)
  .regex(/^(\d+(\.\d+)?(us|ms|s)|\$[A-Za-z_][\w.]*)$/, aTime)
  .describe(aTime);

const flow = z
  .union([z.number().int().min(1), z.string()])
  .describe('a flow: `1` is that of path 1, `1/name` a further one on path 1, `name` the one that `any` found');

const anyFlow = z.strictObject({
  any: z.union([z.array(flow).min(1), variable]).describe('the flows of which any may bring the segment'),
  as: z.string().optional().describe('a name for the one that does'),
});

const optionShape = Object.fromEntries(
  Object.entries(optionLanguage).map(([name, { meaning, fields }]) => [
    name,
    byVersion(
      z.union([
        z.literal('none'),
        variable,
        z.strictObject({
          ...Object.fromEntries(
            Object.entries(fields).map(([field, word]) => [field, fieldValue.optional().describe(word.meaning)]),
          ),
          ...(name === 'unknown'
            ? {}
            : Object.fromEntries(
                Object.entries(wrongFields).map(([field, meaningOf]) => [field, scalar.optional().describe(meaningOf)]),
              )),
        }),
      ]),
    )
      .optional()
      .describe(`${meaning}; \`none\`: absent`),
  ]),
);

const headerShape = Object.fromEntries(
  Object.entries(headerFields).map(([name, { meaning }]) => [name, fieldValue.optional().describe(meaning)]),
);

const segmentShape = {
  on: flow,
  segment: z.union([z.enum(segmentNames), variable]).describe('which segment; DATA is an ACK with payload'),
  ...headerShape,
  ...optionShape,
  mptcp: byVersion(z.literal('none')).optional().describe('no MPTCP option at all'),
  data: byVersion(
    z.union([
      z.string(),
      z.strictObject({ length: z.union([z.number().int().min(0), variable]) }),
      z.strictObject({ hex: digits }),
    ]),
  )
    .optional()
    .describe('payload: text, {length: n} octets of the alphabet, or {hex: ...}'),
  raw: byVersion(z.union([octets, z.array(octets)]))
    .optional()
    .describe('sending: option octets in hex, written as they are, after the other options'),
  raw_before: byVersion(z.union([octets, z.array(octets)]))
    .optional()
    .describe('sending: the same, before the other options'),
};

const windowShape = {
  after: duration.optional().describe('not before this long after the step before'),
  within: duration.optional().describe('not later than this after the step before'),
  since: z.string().optional().describe('label of the step from which the times count'),
};

const labelled = { label: z.string().optional().describe('a name for this step') };
const expectationShape = { ...segmentShape, on: z.union([flow, anyFlow]) };
const expectation = z.strictObject(expectationShape);
const grade = z.enum(ranked);

const declaration = z
  .partialRecord(z.enum(Object.keys(parameterDefaults)), z.union([scalar, z.array(scalar).min(1)]))
  .describe('values of open points, of which the implementation declares one');

const alternative: z.ZodType = z.strictObject({
  outcome: grade.describe('the verdict of this reaction'),
  observation: z.string().describe('what is recorded, e.g. rst'),
  expect: expectation.optional(),
  declared: declaration.optional().describe('it is a reaction of those alone who declare so'),
  nothing: z.literal(true).optional().describe('nothing comes; closed by a sentinel'),
  ends: z.literal(true).optional().describe('the case is over after this reaction: what else it asks is gone'),
  get next() {
    return z.array(step).optional().describe('how the dialogue goes on after this reaction');
  },
});

const stepKinds = {
  send: z.strictObject({
    send: z.strictObject({ ...segmentShape, times: z.union([z.number().int().min(1), variable]).optional() }),
    ...labelled,
  }),
  expect: z.strictObject({
    expect: z.strictObject({
      ...expectationShape,
      ...windowShape,
      otherwise: grade.optional().describe('the verdict if it is not so; fail when absent'),
    }),
    ...labelled,
  }),
  'any-order': z.strictObject({ 'any-order': z.array(expectation).min(1), ...windowShape, ...labelled }),
  'one-of': z.strictObject({ 'one-of': z.array(alternative).min(1), ...windowShape, ...labelled }),
  silence: z.strictObject({
    silence: z.strictObject({
      on: z.union([flow, z.array(flow).min(1)]),
      for: duration.optional(),
      copies: z.literal('count').optional().describe('octets that came on another flow already break it, too'),
      joins: z.literal('count').optional().describe('a join of the implementation breaks it, too'),
    }),
    ...labelled,
  }),
  icmp: z.strictObject({
    icmp: z.strictObject({
      on: flow,
      error: z.union([z.enum(icmpErrorNames), variable]).describe('what the ICMP error says'),
      mtu: z
        .union([z.number().int().min(68), variable])
        .optional()
        .describe('path MTU of fragmentation-needed'),
      quoted_seq: scalar.optional().describe('sequence number in the quotation instead of the right one'),
      quoted_port: scalar.optional().describe("the tester's port in the quotation instead of the right one"),
      quoted_address: scalar.optional().describe("the tester's address in the quotation instead of the right one"),
    }),
    ...labelled,
  }),
  wait: z.strictObject({ wait: duration, ...labelled }),
  control: z.strictObject({
    control: z.strictObject({
      verb: z.enum(controlVerbs),
      connection: z.string().optional().describe("the case's name for the connection; `accepted`: the accepted one"),
      paths: z.union([z.array(z.union([z.number().int().min(1), variable])), variable]).optional(),
      port: z
        .union([z.number().int().min(1).max(65535), variable])
        .optional()
        .describe(
          'connect: port at which the tester serves this connection; absent: one of its own choice. announce: the port that is told',
        ),
      server: z
        .union([z.literal(1), z.literal(2), variable])
        .optional()
        .describe(
          'connect: which of its addresses the tester serves this connection at. announce, withdraw, prioritise: which of its addresses the implementation serves at',
        ),
      path: z
        .union([z.number().int().min(1), variable])
        .optional()
        .describe("announce, withdraw, prioritise: the implementation's address on that path"),
      backup: z
        .union([z.literal(0), z.literal(1), variable])
        .optional()
        .describe('prioritise: B of MP_PRIO'),
      data: z
        .union([z.string(), z.strictObject({ length: z.union([z.number().int().min(1), variable]) })])
        .optional()
        .describe('send: text, or {length: n} octets of the alphabet'),
      hosts: z.array(z.number().int().min(1)).optional().describe('tester hosts whose connections are counted'),
      answer: z.record(z.string(), scalar).optional().describe('what the answer must contain'),
    }),
    ...labelled,
  }),
  declared: z.strictObject({
    declared: declaration,
    get steps() {
      return z.array(step).describe('for those who declare so');
    },
    get otherwise() {
      return z.array(step).optional().describe('for those who do not');
    },
  }),
  use: z.strictObject({
    use: z.union([
      z.string(),
      z.strictObject({ fragment: z.string(), with: z.record(z.string(), z.unknown()).optional() }),
    ]),
  }),
  run: z.strictObject({ run: z.string().describe('fragments by name, one after the other: `S(1) Y(1) J(2 of 1)`') }),
};

export const step: z.ZodType = z.union([
  ...Object.values<z.ZodType>(stepKinds),
  ...eachVersion(z.array(z.lazy(() => step)).min(1)),
]);
