/**
 * How a schema's complaint about a value becomes a sentence with a position: "expected ..., got ...", the key that was
 * probably meant, and for a union the alternative that was probably meant.
 */
import type { z } from 'zod';
import { didYouMean } from './near-miss.js';
import { compareProblems, type Path, type Problem } from './problem.js';
import { knownKeys } from './schema-keys.js';
import { problemAt, valueAt, type YamlSource } from './yaml-source.js';

/**
 * The issues of a failed `schema.safeParse(valueAt(source, base))` as problems. `schema` gives the permitted keys, to
 * suggest one for each unknown key.
 */
export function problemsOf(error: z.ZodError, schema: z.ZodType, source: YamlSource, base: Path = []): Problem[] {
  return error.issues
    .flatMap((issue) => settle(issue, [], source, base, schema))
    .flatMap(({ issue, path }) => complaints(issue, path, source, base, schema))
    .sort(compareProblems);
}

type Issue = z.core.$ZodIssue;
interface Settled {
  readonly issue: Issue;
  /** From `base`. */
  readonly path: Path;
}

/**
 * A union reports issues for each alternative. The message should be about the alternative that the author meant: the one
 * whose first issue is deepest in the value, and among those the one with the fewest issues.
 */
function settle(issue: Issue, above: Path, source: YamlSource, base: Path, schema: z.ZodType): Settled[] {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }];
  const value = valueAt(source, [...base, ...path]);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // No alternative has these keys: that is the mistake, whatever else the alternatives require.
    const known = knownKeys(schema, path);
    const keys = known.length === 0 ? [] : Object.keys(value).filter((key) => !known.includes(key));
    if (keys.length > 0) return [{ issue: { code: 'unrecognized_keys', keys, path: [], message: '' }, path }];
  }
  const meant = [...issue.errors].sort(
    (a, b) => shallowest(b, path, source, base) - shallowest(a, path, source, base) || a.length - b.length,
  )[0];
  if (meant === undefined || meant.some(isWrongKind)) return [{ issue, path }];
  return meant.flatMap((inner) => settle(inner, path, source, base, schema));
}

/** The alternative expects another kind of value: another type, certain words, or text of a certain form. */
const isWrongKind = ({ code, path }: Issue): boolean =>
  (code === 'invalid_type' || code === 'invalid_value' || code === 'invalid_format') && path.length === 0;

/** The depth of the first issue of an alternative; a missing key counts at the place where it is missing. */
function shallowest(issues: readonly Issue[], above: Path, source: YamlSource, base: Path): number {
  return Math.min(
    ...issues.map((issue) => {
      if (isWrongKind(issue)) return -1;
      const missing = valueAt(source, [...base, ...above, ...issue.path]) === undefined;
      return issue.path.length - (missing ? 1 : 0);
    }),
  );
}

function complaints(issue: Issue, path: Path, source: YamlSource, base: Path, schema: z.ZodType): Problem[] {
  const whole = [...base, ...path];
  const value = valueAt(source, whole);
  const where = path.length === 0 ? '' : `${dotted(path)}: `;
  const got = `, got ${describe(value)}`;
  const say = (message: string): Problem[] => [problemAt(source, whole, where + message)];
  if (value === undefined && path.length > 0 && issue.code !== 'custom')
    return [problemAt(source, whole, `${dotted(path)} is missing: expected ${expectation(issue)}`)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = knownKeys(schema, path);
        const others = known.includes(key) ? Object.keys(Object(value)).filter((other) => other !== key) : [];
        // Both keys are right, but not together: two entries of a list under one dash.
        if (others.length > 0)
          return problemAt(
            source,
            [...whole, key],
            `${where}"${key}" cannot stand beside ${others.map((other) => `"${other}"`).join(', ')}; does it need a dash of its own?`,
            'key',
          );
        const hint = didYouMean(key, known) || (known.length > 0 ? `; known here: ${known.join(', ')}` : '');
        return problemAt(source, [...whole, key], `${where}unknown key "${key}"${hint}`, 'key');
      });
    case 'invalid_key':
      return [problemAt(source, whole, `${dotted(path.slice(0, -1))}: ${keyComplaint(issue, path.at(-1))}`, 'key')];
    case 'custom':
      return say(issue.message);
    case 'invalid_value':
    case 'invalid_union': {
      const hint = typeof value === 'string' ? didYouMean(value, wordsOf(issue)) : '';
      return say(`expected ${expectation(issue)}${got}${hint}`);
    }
    case 'invalid_type':
    case 'too_big':
    case 'too_small':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_element':
      return say(`expected ${expectation(issue)}${got}`);
    default:
      return say(`expected something else${got}`);
  }
}

/** The permitted words at a place. */
function wordsOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().filter(isWrongKind).flatMap(wordsOf);
  return issue.code === 'invalid_value' ? issue.values.filter((allowed) => typeof allowed === 'string') : [];
}

function keyComplaint(issue: z.core.$ZodIssueInvalidKey, key: PropertyKey | undefined): string {
  const [first] = issue.issues;
  return `expected ${first === undefined ? 'another key' : expectation(first)} as a key, got ${JSON.stringify(key)}`;
}

/** What the schema expects, in words to follow "expected". */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid') ? (kinds[issue.expected] ?? issue.expected) : issue.message;
    case 'invalid_value':
      return issue.values.length === 1
        ? JSON.stringify(issue.values[0])
        : `one of ${issue.values.map((value) => String(value)).join(', ')}`;
    case 'too_big':
      return `${measure(issue.origin)} at most ${issue.maximum}`;
    case 'too_small':
      return issue.minimum === 1 && issue.origin !== 'number'
        ? `${kinds[issue.origin] ?? issue.origin} that is not empty`
        : issue.origin === 'string'
          ? `text of at least ${issue.minimum} characters`
          : `${measure(issue.origin)} at least ${issue.minimum}`;
    case 'invalid_format':
      // A schema that gives its pattern a message of its own says what the pattern means; otherwise show the pattern.
      return issue.message.startsWith('Invalid') ? `text like ${issue.pattern ?? issue.format}` : issue.message;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return alternatives(issue);
    case 'invalid_element':
    case 'invalid_key':
    case 'unrecognized_keys':
    case 'custom':
      return 'something else';
  }
}

function alternatives(issue: z.core.$ZodIssueInvalidUnion): string {
  if ('options' in issue && issue.options !== undefined)
    return `one of ${issue.options.map((option) => String(option)).join(', ')}`;
  const wanted = issue.errors.map((inner) => inner.find(isWrongKind)).filter((inner) => inner !== undefined);
  return wanted.length === 0 ? 'something else' : [...new Set(wanted.map(expectation))].join(' or ');
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
  undefined: 'no such key',
  never: 'no such key',
};

const measure = (origin: string): string =>
  origin === 'string'
    ? 'a length of'
    : origin === 'array' || origin === 'set'
      ? 'a number of entries of'
      : 'a number of';

/** A value as a message names it: short, on one line. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return `${typeof value === 'boolean' ? '' : 'the number '}${String(value)}`;
  return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)}`;
}

/** `steps[2].mp_capable.key`, as people write it. */
const dotted = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${String(step)}`)).join('');
