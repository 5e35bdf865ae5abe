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
  const parts: string[] = [];

  const writeAll = (values: Iterable<unknown>): void => {
    for (const value of values) {
      write(value);
      parts.push(',');
    }
  };

  const writeObject = (value: object): void => {
    const number = numbers.get(value);
    if (number !== undefined) {
      parts.push('#', String(number));
      return;
    }
    numbers.set(value, numbers.size);
    if (value instanceof Uint8Array) parts.push('x', String(value.length), ':', Buffer.from(value).toString('latin1'));
    else if (Array.isArray(value)) {
      parts.push('[');
      writeAll(value);
      parts.push(']');
    } else if (value instanceof Map) {
      parts.push('<');
      for (const [key, member] of value) {
        write(key);
        parts.push('>');
        write(member);
        parts.push(',');
      }
      parts.push('>');
    } else if (value instanceof Set) {
      parts.push('(');
      writeAll(value);
      parts.push(')');
    } else if (isDescribable(value)) {
      parts.push('@');
      write(value.describe());
    } else {
      parts.push('{');
      for (const [name, member] of Object.entries(value)) {
        if (typeof member === 'function') continue;
        parts.push(name, ':');
        write(member);
        parts.push(',');
      }
      parts.push('}');
    }
  };

  const write = (value: unknown): void => {
    switch (typeof value) {
      case 'object':
        if (value === null) parts.push('null');
        else writeObject(value);
        return;
      case 'string':
        parts.push('"', String(value.length), ':', value);
        return;
      case 'bigint':
        parts.push(String(value), 'n');
        return;
      case 'number':
      case 'boolean':
      case 'undefined':
        parts.push(String(value));
        return;
      case 'function':
      case 'symbol':
        throw new Error(`a ${typeof value} is no state`);
    }
  };

  write(root);
  return parts.join('');
};
