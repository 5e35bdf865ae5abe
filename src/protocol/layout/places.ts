/**
 * The places of the fields of an option. A variable width follows from the value, from a flag or from a field that states
 * it; an absent field has no octets.
 */
import { type Field, isSpare } from './field.js';
import { type Form, fieldOf, formOfOption, type Layout, type OptionRecord, type PlacedFlag } from './layout.js';

/** A field in its place, in bits from the option's first octet. */
export interface Place {
  readonly name: string;
  readonly field: Field;
  readonly from: number;
  readonly bits: number;
}

const octetBits = 8;
const [narrow, wide] = [4 * octetBits, 8 * octetBits];

export const isSet = (option: OptionRecord, { field, flag }: PlacedFlag): boolean =>
  (Number(fieldOf(option, field) ?? 0) & flag.bit) !== 0;

/** How many bits a field has in an option that has it. */
export function bitsOf(form: Form, name: string, field: Field, option: OptionRecord): number {
  switch (field.kind) {
    case 'number':
    case 'flags':
      return field.bits;
    case 'bit':
      return 1;
    case 'width':
      return 0;
    case 'octets':
    case 'list': {
      const value = fieldOf(option, name);
      return typeof value === 'object' ? value.length * octetBits : 0;
    }
    case 'long': {
      const flag = form.widening.get(name);
      if (flag !== undefined) return isSet(option, flag) ? wide : narrow;
      const stated = form.stating.get(name);
      return stated === undefined ? field.bits : Number(fieldOf(option, stated)) * octetBits;
    }
  }
}

/** The fields that an option has on the wire, in order. */
export function placesOf(layout: Layout, option: OptionRecord): readonly Place[] {
  const form = formOfOption(layout, option);
  const places: Place[] = [];
  let next = layout.from;
  for (const [name, field] of form?.fields ?? []) {
    if (form === undefined || field.kind === 'width' || (fieldOf(option, name) === undefined && !isSpare(field)))
      continue;
    const bits = bitsOf(form, name, field, option);
    const at = field.kind === 'number' ? field.at : undefined;
    places.push({ name, field, from: at ?? next, bits });
    if (at === undefined) next += bits;
  }
  return places;
}

/** Octets of an option whose fields stand in these places. */
export const lengthOf = ({ from }: Layout, places: readonly Place[]): number =>
  Math.ceil(places.reduce((end, place) => Math.max(end, place.from + place.bits), from) / octetBits);
