/** The names that a segment of a case mentions: those it binds, and those that must be bound before. */
import { type Expression, namesIn } from '../language/expression.js';
import { flowNumbers } from '../language/flow-numbers.js';
import { caseFunctions } from '../language/functions.js';
import { headerFields, optionLanguage } from '../language/option-language.js';
import type { FieldPattern, SegmentPattern } from '../language/segment-pattern.js';

/** Names that need no binding: the flow's numbers, and the keywords of the language. */
const always = new Set<string>([...flowNumbers, 'said', 'auto', 'wrong']);

/** The names of a segment, sent or expected. */
interface Mentioned {
  /** Names that are the whole value of a field: bound on first sight. */
  readonly bound: readonly string[];
  /** Names that must be bound before. */
  readonly needed: readonly string[];
  /** Called functions that do not exist. */
  readonly strange: readonly string[];
  /** Fields that leave their value open. */
  readonly open: readonly string[];
  /** Functions with too few or too many arguments, and values that do not fit their fields. */
  readonly wrong: readonly string[];
}

/** A segment occurs in many cells of a matrix; its names are looked up once. */
const mentions = new WeakMap<SegmentPattern, Mentioned>();

export function mentionedIn(segment: SegmentPattern): Mentioned {
  const known = mentions.get(segment);
  if (known !== undefined) return known;
  const fields = fieldsIn(segment);
  const patterns = fields.map(({ pattern }) => pattern);
  const expressions = patterns.flatMap(expressionsOf);
  const bound = patterns.flatMap((pattern) =>
    pattern.is === 'value' && pattern.value.op === 'name' ? [pattern.value.name] : [],
  );
  const mentioned = {
    bound,
    needed: expressions.flatMap(namesIn).filter((name) => !always.has(name) && !bound.includes(name)),
    strange: expressions.flatMap(callsIn).filter((called) => !(called in caseFunctions)),
    open: fields.filter(({ pattern }) => pattern.is !== 'value').map(({ name }) => name),
    wrong: [...expressions.flatMap(wrongCallsIn), ...fields.flatMap(overflowOf)],
  };
  mentions.set(segment, mentioned);
  return mentioned;
}

interface NamedField {
  /** `mp_join.hmac`. */
  readonly name: string;
  readonly pattern: FieldPattern;
  /** Of a number: how many the field holds. */
  readonly bits?: number;
}

function fieldsIn(segment: SegmentPattern): readonly NamedField[] {
  const header = Object.entries(segment.fields).map(([name, pattern]) =>
    named(name, pattern, headerFields[name]?.bits),
  );
  const options = segment.options.flatMap(({ name: option, pattern: shown }) => {
    if (shown.presence !== 'present') return [];
    const words = optionLanguage[option]?.fields ?? {};
    return Object.entries(shown.fields).map(([name, pattern]) =>
      named(`${option}.${name}`, pattern, words[name]?.octets === undefined ? words[name]?.bits : undefined),
    );
  });
  return [...header, ...options];
}

const named = (name: string, pattern: FieldPattern, bits: number | undefined): NamedField => ({
  name,
  pattern,
  ...(bits === undefined ? {} : { bits }),
});

/** A number that does not fit into the field would be sent as another one. */
function overflowOf({ name, pattern, bits }: NamedField): readonly string[] {
  if (bits === undefined) return [];
  const most = (1n << BigInt(bits)) - 1n;
  const bounds = pattern.is === 'between' ? [pattern.least, pattern.most] : [];
  const numbers = [...expressionsOf(pattern).flatMap((each) => (each.op === 'literal' ? [each.value] : [])), ...bounds];
  return numbers.flatMap((value) =>
    typeof value === 'bigint' && value > most
      ? [`${name} holds ${bits === 1 ? '1 bit' : `${bits} bits`}, at most ${most}, got ${value}`]
      : [],
  );
}

function wrongCallsIn(expression: Expression): readonly string[] {
  if (expression.op === 'sum') return [...wrongCallsIn(expression.left), ...wrongCallsIn(expression.right)];
  if (expression.op !== 'call') return [];
  const { name, args } = expression;
  const [least, most] = caseFunctions[name]?.arity ?? [args.length, args.length];
  const own =
    args.length < least || args.length > most
      ? [
          `\`${caseFunctions[name]?.usage}\` takes ${least === most ? least : `${least} to ${most}`} arguments, got ${args.length}`,
        ]
      : [];
  return [...own, ...args.flatMap(wrongCallsIn)];
}

const expressionsOf = (pattern: FieldPattern): readonly Expression[] => {
  switch (pattern.is) {
    case 'value':
    case 'not':
      return [pattern.value];
    case 'one-of':
      return pattern.values.map((v) => v.value);
    case 'between':
    case 'any':
    case 'absent':
      return [];
  }
};

function callsIn(expression: Expression): readonly string[] {
  switch (expression.op) {
    case 'call':
      return [expression.name, ...expression.args.flatMap(callsIn)];
    case 'sum':
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    case 'literal':
    case 'name':
      return [];
  }
}
