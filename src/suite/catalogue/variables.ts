/**
 * Matrix and fragment variables: `$name` or `$name.part` anywhere in a step. A scalar that is nothing but a variable takes
 * its value as it is, of whatever kind; inside longer text it is put in as text.
 */

export type Variables = Readonly<Record<string, unknown>>;

/** Is told the name of each variable that has no value. */
export type TellUnknown = (name: string) => void;

const whole = /^\$([A-Za-z_]\w*(?:\.[\w-]+)*)$/;
const inside = /\$([A-Za-z_]\w*(?:\.[\w-]+)*)/g;

/**
 * What is made of something written, for each use of it with variables put in. It is made once for the same values of the
 * variables that are written there: most cells of a matrix differ in others. Nothing is kept where a variable is unknown
 * or `make` throws.
 */
export function template<T extends object>(
  written: unknown,
  make: (filled: unknown) => T,
): (variables: Variables, unknown: TellUnknown) => T {
  const names = [...namesIn(written)];
  const root: Branch<T> = { further: new Map() };
  return (variables, unknown) => {
    let branch = root;
    for (const name of names) {
      const value = lookUp(name, variables);
      if (value === undefined) return make(substitute(written, variables, unknown));
      branch = follow(branch, value);
    }
    branch.made ??= make(substitute(written, variables, unknown));
    return branch.made;
  };
}

/** What was made when the variables, in order, had the values that lead here. */
interface Branch<T> {
  made?: T;
  readonly further: Map<unknown, Branch<T>>;
}

function follow<T>({ further }: Branch<T>, value: unknown): Branch<T> {
  const known = further.get(value);
  if (known !== undefined) return known;
  const grown: Branch<T> = { further: new Map() };
  further.set(value, grown);
  return grown;
}

/** The variables written in a value, each once. */
function namesIn(value: unknown, into = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string') for (const [, name = ''] of value.matchAll(inside)) into.add(name);
  else if (typeof value === 'object' && value !== null) for (const entry of Object.values(value)) namesIn(entry, into);
  return into;
}

/** The value with every variable put in; names that have none are told to `unknown`. */
function substitute(value: unknown, variables: Variables, unknown: TellUnknown): unknown {
  if (typeof value === 'string') return substituteText(value, variables, unknown);
  if (Array.isArray(value)) return value.map((entry) => substitute(entry, variables, unknown));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, substitute(entry, variables, unknown)]));
}

function substituteText(text: string, variables: Variables, unknown: TellUnknown): unknown {
  if (!text.includes('$')) return text;
  const find = (name: string): unknown => {
    const value = lookUp(name, variables);
    if (value === undefined) unknown(name);
    return value;
  };
  const only = whole.exec(text)?.[1];
  if (only !== undefined) return find(only) ?? text;
  return text.replace(inside, (kept, name: string) => {
    const value = find(name);
    return value === undefined ? kept : String(value);
  });
}

function lookUp(dotted: string, variables: Variables): unknown {
  let value: unknown = variables;
  for (const part of dotted.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return value;
}
