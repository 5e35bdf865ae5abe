/**
 * State as text: two states give the same text only if they are the same but for the identity of their objects. Records
 * are written with all their members, so a member that is added later is part of the text by itself; functions are left out,
 * for what they work with has to be reachable as data; objects that keep their members to themselves tell them by
 * `describe`. What refers to itself in a circle is written once and named by its number afterwards.
 */
interface Describable {
  describe(): unknown;
}

const isDescribable = (value: object): value is Describable =>
  'describe' in value && typeof value.describe === 'function';

export const describeState = (root: unknown): string => {
  const numbers = new Map<object, number>();
  let text = '';

  const writeAll = (values: Iterable<unknown>): void => {
    for (const value of values) {
      write(value);
      text += ',';
    }
  };

  const writeObject = (value: object): void => {
    const number = numbers.get(value);
    if (number !== undefined) {
      text += `#${number}`;
      return;
    }
    numbers.set(value, numbers.size);
    if (Array.isArray(value)) {
      text += '[';
      writeAll(value);
      text += ']';
    } else if (value instanceof Uint8Array) {
      text += `x${value.length}:${Buffer.from(value).toString('latin1')}`;
    } else if (value instanceof Map) {
      text += '<';
      for (const [key, member] of value) {
        write(key);
        text += '>';
        write(member);
        text += ',';
      }
      text += '>';
    } else if (value instanceof Set) {
      text += '(';
      writeAll(value);
      text += ')';
    } else if (isDescribable(value)) {
      text += '@';
      write(value.describe());
    } else {
      text += '{';
      for (const name of Object.keys(value)) {
        const member = (value as Readonly<Record<string, unknown>>)[name];
        if (typeof member === 'function') continue;
        text += name;
        text += ':';
        write(member);
        text += ',';
      }
      text += '}';
    }
  };

  const write = (value: unknown): void => {
    switch (typeof value) {
      case 'object':
        if (value === null) text += 'null';
        else writeObject(value);
        return;
      case 'string':
        text += `"${value.length}:${value}`;
        return;
      case 'bigint':
        text += `${value}n`;
        return;
      case 'number':
      case 'boolean':
      case 'undefined':
        text += String(value);
        return;
      case 'function':
      case 'symbol':
        throw new Error(`a ${typeof value} is no state`);
    }
  };

  write(root);
  return text;
};
