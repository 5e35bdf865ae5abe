/**
 * Matrix and fragment variables: `$name` or `$name.part` anywhere in a step. A scalar that is only a variable takes its
 * value of any kind; inside longer text the value is inserted as text. A map with the keys `v0` and `v1`, or one of them,
 * is replaced by the value of the case's MPTCP version, or removed if that version has none.
 */

export type Variables = Readonly<Record<string, unknown>>;

/** Called with the name of each variable without a value. */
export type TellUnknown = (name: string) => void;

/** The variable that holds the MPTCP version of a case. */
export const versionName = 'mptcp';

const whole = /^\$([A-Za-z_]\w*(?:\.[\w-]+)*)$/;
const inside = /\$([A-Za-z_]\w*(?:\.[\w-]+)*)/g;

/**
 * Caches the result of `make` for a written value, for each use with variables replaced. It is made once for the same
 * values of the variables that occur there: most cells of a matrix differ in other variables. Nothing is cached if a
 * variable is unknown or `make` throws.
 */
export function template<T extends object>(
  written: unknown,
  make: (filled: unknown) => T,
): (variables: Variables, unknown: TellUnknown) => T {
  const names = namesIn(written);
  const kept = keptByValues<T>(names);
  const isUnknown = (variables: Variables): boolean => names.some((name) => lookUp(name, variables) === undefined);
  return (variables, unknown) => {
    if (isUnknown(variables)) return make(substitute(written, variables, unknown));
    return kept(variables, () => make(substitute(written, variables, unknown)));
  };
}

/** Caches a result for each combination of values of these variables; no value also counts as a value. */
export function keptByValues<T extends object>(names: readonly string[]): (variables: Variables, make: () => T) => T {
  const root: Branch<T> = { further: new Map() };
  return (variables, make) => {
    let branch = root;
    for (const name of names) branch = follow(branch, lookUp(name, variables));
    branch.made ??= make();
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

/** A value, or a list of steps, for each MPTCP version; a version that is not there has none. */
interface ByVersion<T = unknown> {
  readonly v0?: T;
  readonly v1?: T;
}

/** Whether this is written for each MPTCP version on its own. */
export function isByVersion(value: object): value is ByVersion {
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => key === 'v0' || key === 'v1');
}

/** What is written for the version of the case; undefined where it has nothing, or the case has no version. */
export function ofVersion<T>(value: ByVersion<T>, variables: Variables, unknown: TellUnknown): T | undefined {
  const { [versionName]: version } = variables;
  if (version === undefined) unknown(versionName);
  return version === 0 ? value.v0 : version === 1 ? value.v1 : undefined;
}

/** The variables written in a value, each once. */
export function namesIn(value: unknown): readonly string[] {
  const names = new Set<string>();
  const look = (at: unknown): void => {
    if (typeof at === 'string') for (const [, name = ''] of at.matchAll(inside)) names.add(name);
    if (typeof at !== 'object' || at === null) return;
    if (isByVersion(at)) names.add(versionName);
    for (const entry of Object.values(at)) look(entry);
  };
  look(value);
  return [...names];
}

/** The value with every variable replaced; `unknown` gets the names without a value. */
function substitute(value: unknown, variables: Variables, unknown: TellUnknown): unknown {
  if (typeof value === 'string') return substituteText(value, variables, unknown);
  if (Array.isArray(value)) return value.map((entry) => substitute(entry, variables, unknown));
  if (typeof value !== 'object' || value === null) return value;
  if (isByVersion(value)) return substitute(ofVersion(value, variables, unknown), variables, unknown);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, entry]) => [key, substitute(entry, variables, unknown)] as const)
      .filter(([, filled]) => filled !== undefined),
  );
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
  if (!dotted.includes('.')) return Object.hasOwn(variables, dotted) ? variables[dotted] : undefined;
  let value: unknown = variables;
  for (const part of dotted.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return value;
}
