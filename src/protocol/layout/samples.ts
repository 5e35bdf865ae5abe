/** One option of every shape that a layout has, with values that are not zero and differ from field to field. */
import type { FieldValue } from './field.js';
import type { Layout, OptionRecord } from './layout.js';
import type { Place } from './places.js';
import { recordOf, shapesOf } from './shapes.js';

const pattern = (from: number, index: number): number => (0x11 * (from + 1) + index) & 0xff;

/** Octets of a field that starts so many bits from the option's first octet. */
const patternOctets = (from: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, index) => pattern(from, index));

function sampleValue({ field, from, bits }: Place): FieldValue {
  switch (field.kind) {
    case 'number':
      return field.usual ?? (0x1234_5678 % 2 ** bits) + from;
    case 'flags':
      return 0;
    case 'width':
      return field.usual;
    case 'bit':
      return true;
    case 'long':
      return BigInt(`0x${Buffer.from(patternOctets(from, bits / 8)).toString('hex')}`);
    case 'octets':
      return patternOctets(from, bits / 8);
    case 'list':
      return [...patternOctets(from, bits / 8)];
  }
}

export const samplesOf = (layout: Layout): readonly OptionRecord[] =>
  shapesOf(layout)
    .map(({ form, places }) => recordOf(layout, form, places, sampleValue))
    .filter((option) => layout.fits(option));
