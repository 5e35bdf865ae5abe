/**
 * `when` of a baseline entry: the circumstances under which it applies. If conditions on the run (machine, kernel,
 * parameters) do not hold, the entry has no effect; conditions on the case (ip, role) narrow the cases that it covers.
 *
 *     when: {kernel: '<6.20', ip: 4, parameters: {hmac.split: left}}
 *
 * A value matches itself, a list any of its members, and a text that begins with <, <=, > or >= versions in that
 * relation: the first dotted numbers in each are compared one by one, so 6.9 is before 6.20 and `linux 6.18.5-cloud` is
 * after
 * 6.18. A text without a number is in no relation to any version.
 */
import { z } from 'zod';
import type { CaseResult, EnvironmentRecord, SubjectRecord } from '../suite/verdict/results.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const wanted = z.union([scalar, z.array(scalar).min(1)]);

export const conditionSchema = z.strictObject({
  kernel: wanted.optional().describe("system and release of the tester's kernel"),
  machine: wanted.optional().describe('architecture of the machine the suite ran on'),
  node: wanted.optional().describe('version of Node'),
  implementation: wanted.optional().describe('what the control side calls itself'),
  time: wanted.optional().describe('virtual or real'),
  parameters: z.record(z.string(), wanted).optional().describe('declared parameters, by dotted name'),
  ip: wanted.optional().describe('4 or 6, of the case'),
  role: wanted.optional().describe('server or client, of the case'),
});
export type Condition = z.infer<typeof conditionSchema>;
type Wanted = z.infer<typeof wanted>;
type Scalar = z.infer<typeof scalar>;

/** The circumstances of a run that entries can name. */
export interface Circumstances {
  readonly environment: EnvironmentRecord;
  readonly subject: SubjectRecord;
}

/** Whether the conditions on the run hold. */
export const isAwake = (condition: Condition | undefined, { environment, subject }: Circumstances): boolean => {
  if (condition === undefined) return true;
  const asked: readonly (readonly [Wanted | undefined, Scalar | undefined])[] = [
    [condition.kernel, environment.kernel],
    [condition.machine, environment.machine],
    [condition.node, environment.node],
    [condition.implementation, subject.implementation],
    [condition.time, subject.time],
    ...Object.entries(condition.parameters ?? {}).map(([name, value]) => [value, subject.parameters[name]] as const),
  ];
  return asked.every(([value, actual]) => value === undefined || isMet(value, actual));
};

/** Whether the conditions on the case hold. */
export const isNarrowedTo = (
  condition: Condition | undefined,
  { ip, role }: Pick<CaseResult, 'ip' | 'role'>,
): boolean =>
  (condition?.ip === undefined || isMet(condition.ip, ip)) &&
  (condition?.role === undefined || isMet(condition.role, role));

/** Whether one value matches; an unknown value matches nothing. */
export const isMet = (value: Wanted, actual: Scalar | undefined): boolean => {
  if (actual === undefined) return false;
  if (Array.isArray(value)) return value.some((each) => isMet(each, actual));
  const [, relation, bound] = /^(<=|>=|<|>)\s*v?(\d.*)$/.exec(String(value)) ?? [];
  if (relation === undefined || bound === undefined) return String(value) === String(actual);
  const [left, right] = [numbersOf(String(actual)), numbersOf(bound)];
  if (left === undefined || right === undefined) return false;
  const order = compareVersions(left, right);
  switch (relation) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
};

/** A number that is missing counts as 0. */
const compareVersions = (left: readonly number[], right: readonly number[]): number => {
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const numbersOf = (version: string): readonly number[] | undefined =>
  /\d+(?:\.\d+)*/.exec(version)?.[0].split('.').map(Number);
