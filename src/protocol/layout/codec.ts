/**
 * Reads and writes options by their layout alone: plainly, not fast. It serves options whose files have no hand-written
 * codec, and the tests compare hand-written ones with it. Encoding writes the present fields one after the other, even if
 * that is not a valid option; decoding gives only valid ones.
 */
import { type Malformed, malformed, shortage, wrongLength } from '../bytes/malformed.js';
import { bigEndian, fromBigEndian, putOctets, putUint8 } from '../bytes/octets.js';
import { readBits, writeBits } from './bits.js';
import { type FieldValue, isSpare, wordOf } from './field.js';
import { fieldOf, type Layout, type OptionCodec, type OptionRecord } from './layout.js';
import { lengthOf, type Place, placesOf } from './places.js';
import { isConsistent, placesIn, type Shape, shapesOf } from './shapes.js';

const octetBits = 8;
const Head = { kind: 0, length: 1, subtype: 2 } as const;

export function layoutCodec<T extends OptionRecord>(layout: Layout<T>): OptionCodec<T> {
  const hasSubtype = layout.from > Head.subtype * octetBits;
  return {
    length: (option) => lengthOf(layout, placesOf(layout, option)),
    write: (option, into, at, subtype) => {
      const places = placesOf(layout, option);
      const length = lengthOf(layout, places);
      into.fill(0, at, at + length);
      if (layout.kind !== undefined) putUint8(into, at + Head.kind, layout.kind);
      putUint8(into, at + Head.length, length);
      if (hasSubtype) putUint8(into, at + Head.subtype, subtype << 4);
      for (const place of places) writeField(place, fieldOf(option, place.name), into, at);
      return length;
    },
    decode: (octets, at, length) => {
      for (const shape of shapesOf(layout)) {
        const places = placesIn(shape, length);
        if (places === undefined) continue;
        const option = readOption(layout, shape, places, octets, at);
        if (isConsistent(layout, shape.form, places, option)) return option as T;
      }
      return notRight(layout, at, length);
    },
  };
}

function writeField({ from, bits }: Place, value: FieldValue | undefined, into: Uint8Array, at: number): void {
  const first = at + from / octetBits;
  if (typeof value === 'bigint') putOctets(into, first, bigEndian(value, bits / octetBits));
  else if (typeof value === 'object') putOctets(into, first, Uint8Array.from(value));
  else writeBits(into, at * octetBits + from, bits, Number(value ?? 0));
}

function readOption(
  { option }: Layout,
  { form: { form, fields } }: Shape,
  places: readonly Place[],
  octets: Uint8Array,
  at: number,
): OptionRecord {
  const read = places
    .map((place) => [place, readField(place, octets, at)] as const)
    .filter(([{ field }, value]) => !(isSpare(field) && field.optional === true && value === 0))
    .map(([{ name }, value]) => [name, value] as const);
  const widths = fields.flatMap(([name, field]) =>
    field.kind === 'width' ? [[name, (places.find((place) => place.name === field.of)?.bits ?? 0) / octetBits]] : [],
  );
  return { option, ...(form === undefined ? {} : { form }), ...Object.fromEntries([...read, ...widths]) };
}

function readField({ field, from, bits }: Place, octets: Uint8Array, at: number): FieldValue {
  const whole = () => octets.subarray(at + from / octetBits, at + (from + bits) / octetBits);
  switch (field.kind) {
    case 'number':
    case 'flags':
    case 'width':
      return readBits(octets, at * octetBits + from, bits);
    case 'bit':
      return readBits(octets, at * octetBits + from, bits) === 1;
    case 'long':
      return fromBigEndian(whole());
    case 'octets':
      return whole();
    case 'list':
      return Array.from(whole());
  }
}

/** The valid lengths, or, if one has no maximum, the field that is cut. */
function notRight(layout: Layout, at: number, length: number): Malformed {
  const shapes = shapesOf(layout);
  const endless = shapes.find(({ open }) => open);
  for (const { name, from, bits } of endless?.places ?? []) {
    const start = at + Math.floor(from / octetBits);
    const cut = shortage(`${layout.option}/${wordOf(name)}`, start, at + length, Math.floor(bits / octetBits));
    if (cut !== undefined) return cut;
  }
  const lengths = [...new Set(shapes.map(({ places }) => lengthOf(layout, places)))];
  return lengths.includes(length)
    ? malformed(`${layout.option}/length`, at, `length ${length} does not go with the fields`)
    : wrongLength(layout.option, at, length, lengths);
}
