/** Parameters by their dotted names, e.g. `esim.mode=implicit`, as people and declarations write them. */
import { defaultParameters, type ParameterChanges } from './parameters.js';

type Value = string | number | boolean;
type Group = Readonly<Record<string, Value>>;

const groups: ReadonlyMap<string, Group> = new Map(Object.entries<Group>({ ...defaultParameters }));

/** Every parameter with its default. */
const parameterNames: readonly { readonly name: string; readonly value: Value }[] = [...groups].flatMap(
  ([group, members]) => Object.entries(members).map(([name, value]) => ({ name: `${group}.${name}`, value })),
);

/**
 * The changes that assignments `name=value` ask for. Throws a RangeError for a name that does not exist or a value of another
 * type than the default's; which words a parameter knows is not checked here.
 */
export const parseParameters = (assignments: readonly string[]): ParameterChanges => {
  const changes: Record<string, Record<string, Value>> = {};
  for (const assignment of assignments) {
    const [name = '', text = ''] = assignment.split(/=(.*)/s);
    const [group = '', member = ''] = name.split('.');
    const known = groups.get(group)?.[member];
    if (known === undefined) {
      const names = parameterNames.map((each) => each.name).join(', ');
      throw new RangeError(`there is no parameter ${name}: expected one of ${names}`);
    }
    changes[group] = { ...changes[group], [member]: readValue(name, text, known) };
  }
  return changes as ParameterChanges;
};

const readValue = (name: string, text: string, like: Value): Value => {
  if (typeof like === 'string') return text;
  if (typeof like === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  const number = text === 'inf' ? Number.POSITIVE_INFINITY : Number(text);
  if (typeof like === 'number' && text !== '' && !Number.isNaN(number)) return number;
  throw new RangeError(`${name} takes a ${typeof like} such as ${like}, got "${text}"`);
};
