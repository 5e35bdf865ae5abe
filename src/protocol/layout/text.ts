/**
 * Options and their fields as readable text, by the words of the case language; numbers as protocol analysers print them.
 */
import { hexNumber, toHex } from '../bytes/hex.js';
import { type Field, type FieldValue, isSpare, wordOf } from './field.js';
import { fieldOf, formOfOption, type Layout, type OptionRecord } from './layout.js';
import { bitsOf } from './places.js';

/** The letters of the bits that are set, most significant first; `-` when none is. */
export function letters(bits: number, names: Readonly<Record<string, number>>): string {
  const set = Object.entries(names).filter(([, bit]) => (bits & bit) !== 0);
  return set.length === 0 ? '-' : set.map(([name]) => name).join('');
}

/** The value of a field of so many bits, as text. */
export function fieldText(field: Field, value: FieldValue, bits: number): string {
  switch (field.kind) {
    case 'flags':
      return letters(
        Number(value),
        Object.fromEntries(Object.entries(field.flags).map(([letter, { bit }]) => [letter, bit])),
      );
    case 'number':
    case 'long':
      return field.shown === 'hex' && typeof value !== 'object' && typeof value !== 'boolean'
        ? hexNumber(value, Math.ceil(bits / 4))
        : String(value);
    case 'bit':
      return value === true ? '1' : '0';
    case 'octets':
      return value instanceof Uint8Array ? toHex(value) : '';
    case 'width':
    case 'list':
      return String(value);
  }
}

/** An option in one line. Reserved bits are shown if they are not zero, single bits by their word if they are set. */
export function describeByLayout(layout: Layout, option: OptionRecord): string {
  const form = formOfOption(layout, option);
  const parts = (form?.fields ?? []).flatMap(([name, field]) => {
    const value = fieldOf(option, name);
    if (form === undefined || value === undefined || (isSpare(field) && value === 0)) return [];
    if (field.kind === 'bit') return value === true ? [wordOf(name)] : [];
    return [`${wordOf(name)} ${fieldText(field, value, bitsOf(form, name, field, option))}`];
  });
  return [layout.option, ...(form?.form === undefined ? [] : [form.form]), ...parts].join(' ');
}
