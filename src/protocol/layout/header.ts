/**
 * Headers of fixed form as fields in a row, and where each of them starts. The codecs read and write by these offsets, and whoever
 * else looks into a header takes them from the codec.
 */
import type { Field, Fields } from './field.js';
import type { Place } from './places.js';

const octetBits = 8;

function bitsOf(field: Field): number {
  switch (field.kind) {
    case 'number':
    case 'flags':
    case 'long':
      return field.bits;
    case 'bit':
      return 1;
    case 'octets':
      return 'least' in field.count ? 0 : (field.count[0] ?? 0) * octetBits;
    case 'list':
    case 'width':
      return 0;
  }
}

/** The fields in their places, from the start of the header. */
export function headerPlaces(fields: Fields): readonly Place[] {
  let next = 0;
  return Object.entries(fields).map(([name, field]) => {
    const place = { name, field, from: next, bits: bitsOf(field) };
    next += place.bits;
    return place;
  });
}

/** The octet in which each field starts, and `end`, where the header ends. */
export function offsetsIn<const F extends Fields>(fields: F): { readonly [Name in keyof F | 'end']: number } {
  const places = headerPlaces(fields);
  const last = places.at(-1);
  const end = last === undefined ? 0 : last.from + last.bits;
  return Object.fromEntries(
    [...places.map(({ name, from }) => [name, from] as const), ['end', end] as const].map(([name, from]) => [
      name,
      Math.floor(from / octetBits),
    ]),
  ) as { readonly [Name in keyof F | 'end']: number };
}
