/**
 * The expressions of the case language: the values of segment fields.
 *
 *     expression = term { ("+" | "-") term }
 *     term       = number | 0x hex | 'text' | name | name "(" [ expression { "," expression } ] ")"
 *     name       = word [ "." number ]
 *
 * `A.2` is the name A2, the A of path 2; `A.1` is A itself.
 *
 * Numbers and keys are bigint without width; HMACs and MACs are octets; quoted text is for names of variants. The field
 * determines the width: numbers are taken modulo 2^n, octets are cut from the left.
 */

export type Value = bigint | Uint8Array | string;

export type Expression =
  | { readonly op: 'literal'; readonly value: Value }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly op: 'sum'; readonly left: Expression; readonly right: Expression; readonly sign: 1n | -1n };

/** An expression that cannot be read or computed: a mistake in a case, with the text concerned. */
export class ExpressionError extends Error {}

/** The text with names as they are bound: `A` for `A.1`, `A2` for `A.2`. Quoted text stays as it is. */
export const withPlainNames = (text: string): string =>
  text.replace(/'[^']*'|([A-Za-z][A-Za-z0-9_]*)\.(\d+)/g, (whole, name?: string, path?: string) => {
    if (name === undefined) return whole;
    return path === '1' ? name : `${name}${path}`;
  });

const tokenPattern = /\s*(?:(0x[0-9a-fA-F]+|\d+)|'([^']*)'|([A-Za-z][A-Za-z0-9_]*'*)|([-+(),]))/y;

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign';
  readonly text: string;
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const from = tokenPattern.lastIndex;
    const found = tokenPattern.exec(text);
    if (found === null) throw new ExpressionError(`cannot read \`${text.slice(from).trim()}\` in \`${text}\``);
    const [, number, quoted, name, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

/** Reads an expression; throws an {@link ExpressionError} that names the part it could not read. */
export function parseExpression(written: string): Expression {
  const text = withPlainNames(written);
  const tokens = tokenize(text);
  let next = 0;
  const is = (sign: string) => tokens[next]?.kind === 'sign' && tokens[next]?.text === sign;
  const demand = (sign: string) => {
    if (!is(sign))
      throw new ExpressionError(`expected \`${sign}\` but got \`${tokens[next]?.text ?? 'the end'}\` in \`${text}\``);
    next += 1;
  };
  const term = (): Expression => {
    const token = tokens[next];
    next += 1;
    if (token?.kind === 'number') return { op: 'literal', value: BigInt(token.text) };
    if (token?.kind === 'text') return { op: 'literal', value: token.text };
    if (token?.kind !== 'name')
      throw new ExpressionError(
        `expected a number, a name or a function but got \`${token?.text ?? 'the end'}\` in \`${text}\``,
      );
    if (!is('(')) return { op: 'name', name: token.text };
    demand('(');
    const args: Expression[] = [];
    while (!is(')')) {
      if (args.length > 0) demand(',');
      args.push(sum());
    }
    demand(')');
    return { op: 'call', name: token.text, args };
  };
  const sum = (): Expression => {
    let left = term();
    while (is('+') || is('-')) {
      const sign = is('+') ? 1n : -1n;
      next += 1;
      left = { op: 'sum', left, right: term(), sign };
    }
    return left;
  };
  const expression = sum();
  if (next < tokens.length) throw new ExpressionError(`\`${tokens[next]?.text}\` is left over in \`${text}\``);
  return expression;
}

/** Every name an expression needs, outermost first. */
export function namesIn(expression: Expression): readonly string[] {
  switch (expression.op) {
    case 'literal':
      return [];
    case 'name':
      return [expression.name];
    case 'call':
      return expression.args.flatMap(namesIn);
    case 'sum':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
  }
}

/** The scope in which an expression is computed. */
export interface Scope {
  /** A bound name or a number of the flow; undefined when not bound. */
  lookup(name: string): Value | undefined;
  call(name: string, args: readonly Value[]): Value;
}

/** Computes a value; throws an {@link ExpressionError} on an unbound name or values that do not fit. */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.op) {
    case 'literal':
      return expression.value;
    case 'name': {
      const value = scope.lookup(expression.name);
      if (value === undefined) throw new ExpressionError(`\`${expression.name}\` is not bound`);
      return value;
    }
    case 'call':
      return scope.call(
        expression.name,
        expression.args.map((arg) => evaluate(arg, scope)),
      );
    case 'sum':
      return integer(evaluate(expression.left, scope)) + expression.sign * integer(evaluate(expression.right, scope));
  }
}

/** The value as an integer; octets are read big endian. */
export function integer(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'string') throw new ExpressionError(`'${value}' is text, a number was expected`);
  return value.length === 0
    ? 0n
    : BigInt(`0x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}`);
}

/** The value as exactly `count` octets: octets are cut from the left, numbers are taken modulo 2^(8 count). */
export function octetsOf(value: Value, count: number): Uint8Array {
  if (value instanceof Uint8Array) {
    if (value.length === count) return value;
    const fitted = new Uint8Array(count);
    fitted.set(value.subarray(0, count));
    return fitted;
  }
  const hex = BigInt.asUintN(8 * count, integer(value))
    .toString(16)
    .padStart(2 * count, '0');
  return Uint8Array.from(Buffer.from(hex, 'hex').subarray(0, count));
}

/** A value as text for explanations. */
export function showValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value < 65536n ? value.toString() : `0x${value.toString(16)}`;
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex');
}

/** Whether two values are the same on the wire, where the observed one has the width of its field. */
export function sameValue(observed: Value, expected: Value, bits: number): boolean {
  if (typeof observed === 'string' || typeof expected === 'string') return observed === expected;
  if (observed instanceof Uint8Array) {
    return Buffer.compare(octetsOf(expected, observed.length), observed) === 0;
  }
  return BigInt.asUintN(bits, observed) === BigInt.asUintN(bits, integer(expected));
}
