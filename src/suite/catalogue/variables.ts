/**
 * Matrix and fragment variables: `$name` or `$name.part` anywhere in a step. A scalar that is nothing but a variable takes
 * its value as it is, of whatever kind; inside longer text it is put in as text.
 */

export type Variables = Readonly<Record<string, unknown>>;

const whole = /^\$([A-Za-z_]\w*(?:\.[\w-]+)*)$/;
const inside = /\$([A-Za-z_]\w*(?:\.[\w-]+)*)/g;

/** The value with every variable put in; names that have none are told to `unknown`. */
export function substitute(value: unknown, variables: Variables, unknown: (name: string) => void): unknown {
  if (typeof value === 'string') return substituteText(value, variables, unknown);
  if (Array.isArray(value)) return value.map((entry) => substitute(entry, variables, unknown));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, substitute(entry, variables, unknown)]));
}

function substituteText(text: string, variables: Variables, unknown: (name: string) => void): unknown {
  if (!text.includes('$')) return text;
  const only = whole.exec(text)?.[1];
  if (only !== undefined) return lookUp(only, variables, unknown) ?? text;
  return text.replace(inside, (kept, name: string) => {
    const value = lookUp(name, variables, unknown);
    return value === undefined ? kept : String(value);
  });
}

function lookUp(dotted: string, variables: Variables, unknown: (name: string) => void): unknown {
  let value: unknown = variables;
  for (const part of dotted.split('.')) {
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  if (value === undefined) unknown(dotted);
  return value;
}
