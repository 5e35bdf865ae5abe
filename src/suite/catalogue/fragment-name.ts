/**
 * Names of fragments: the form in which a fragment is declared, and in which a step calls one or several.
 *
 *     declared   S(path)   J(path of first)   two-flows
 *     called     S(1)      J(2 of 1)   J(2)   two-flows
 *
 * The parts in brackets are separated by commas or by `of`, whichever reads better. Arguments are taken in order, and the
 * last ones may be left out if the fragment has defaults for them.
 */
import { ExpressionError } from '../language/expression.js';

/** A fragment's name with the contents of its brackets: parameters in a declaration, arguments in a call. */
export interface Call {
  readonly name: string;
  readonly args: readonly string[];
}

const word = /([A-Za-z][\w-]*)(?:\(([^()]*)\))?(?=\s|$)/y;

/** Reads `S(1) Y(1) two-flows`; throws an ExpressionError that names the part it could not read. */
export function readCalls(text: string): readonly Call[] {
  const calls: Call[] = [];
  const end = text.trimEnd().length;
  let at = text.length - text.trimStart().length;
  while (at < end) {
    word.lastIndex = at;
    const [found, name = '', args] = word.exec(text) ?? [];
    if (found === undefined)
      throw new ExpressionError(`expected fragments such as \`S(1) Y(1)\`, got \`${text.slice(at, end)}\``);
    calls.push({ name, args: args === undefined ? [] : args.split(/,|\bof\b/).map((each) => each.trim()) });
    at = word.lastIndex;
    while (/\s/.test(text.charAt(at))) at += 1;
  }
  return calls;
}

/** Reads the one fragment that a declaration or a `use` names. */
export function readCall(text: string): Call {
  const [call, ...more] = readCalls(text);
  if (call === undefined || more.length > 0)
    throw new ExpressionError(`expected one fragment such as \`J(2 of 1)\`, got \`${text}\``);
  return call;
}

/** The form of a declaration, for the schema. */
export const declaration = /^[A-Za-z][\w-]*(\([A-Za-z]\w*((,| of) [A-Za-z]\w*)*\))?$/;
