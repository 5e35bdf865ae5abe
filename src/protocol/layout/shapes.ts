/**
 * Every shape that a right option can have: a form, which of its optional fields are there, and how wide those are whose width
 * varies. Each shape has a length of its own or is told from others of that length by what the option's flags say.
 */
import { type Field, type FieldValue, isSpare } from './field.js';
import { type Form, fieldOf, type Layout, type OptionRecord } from './layout.js';
import { isSet, type Place } from './places.js';

export interface Shape {
  readonly form: Form;
  /** The last one may be open: `bits` is then the least that it has. */
  readonly places: readonly Place[];
  readonly open: boolean;
  /** Bits from the start of the option to the end of the last field. */
  readonly end: number;
}

const octetBits = 8;
/** The greater of the two widths that a flag decides between. */
const wide = 8 * octetBits;

/** Widths in bits that a field can have; an open one has no greatest. */
interface Widths {
  readonly bits: readonly number[];
  readonly open?: true;
}

function widthsOf(form: Form, name: string, field: Field): Widths {
  switch (field.kind) {
    case 'number':
    case 'flags':
      return { bits: [field.bits] };
    case 'bit':
      return { bits: [1] };
    case 'width':
      return { bits: [0] };
    case 'list':
      return { bits: [octetBits], open: true };
    case 'octets':
      return 'least' in field.count
        ? { bits: [field.count.least * octetBits], open: true }
        : { bits: field.count.map((count) => count * octetBits) };
    case 'long': {
      if (form.widening.get(name) !== undefined) return { bits: [wide / 2, wide] };
      const stated = form.stating.get(name);
      const by = form.fields.find(([other]) => other === stated)?.[1];
      return { bits: by?.kind === 'width' ? by.octets.map((count) => count * octetBits) : [field.bits] };
    }
  }
}

function shapesOfForm(form: Form, start: number): readonly Shape[] {
  let partial: readonly Shape[] = [{ form, places: [], open: false, end: start }];
  for (const [name, field] of form.fields) {
    if (field.kind === 'width') continue;
    const { bits: widths, open = false } = widthsOf(form, name, field);
    partial = partial.flatMap((before) => {
      const longer = widths.map((bits) => {
        const at = field.kind === 'number' ? field.at : undefined;
        const place = { name, field, from: at ?? before.end, bits };
        return { form, places: [...before.places, place], open, end: before.end + (at === undefined ? bits : 0) };
      });
      return field.optional === true && !isSpare(field) ? [before, ...longer] : longer;
    });
  }
  const has = ({ places }: Shape, wanted: string): boolean => places.some(({ name }) => name === wanted);
  return partial.filter((shape) =>
    form.ruling.every(({ flag: { says = [] } }) => new Set(says.map((name) => has(shape, name))).size <= 1),
  );
}

const known = new WeakMap<Layout, readonly Shape[]>();

/** The shapes of a layout, shortest fields first. */
export function shapesOf(layout: Layout): readonly Shape[] {
  const before = known.get(layout);
  if (before !== undefined) return before;
  const shapes = layout.forms.flatMap((form) => shapesOfForm(form, layout.from));
  known.set(layout, shapes);
  return shapes;
}

/** The places of a shape in an option of so many octets; undefined when it has another length. */
export function placesIn({ places, open, end }: Shape, length: number): readonly Place[] | undefined {
  const rest = length * octetBits - end;
  const last = places.at(-1);
  if (rest === 0) return places;
  if (rest < 0 || !open || last === undefined) return undefined;
  return [...places.slice(0, -1), { ...last, bits: last.bits + rest }];
}

/** Whether the flags of an option say what it has, and its fields fit each other. */
export const isConsistent = (layout: Layout, form: Form, places: readonly Place[], option: OptionRecord): boolean =>
  form.ruling.every((placed) => {
    const { says = [], widens } = placed.flag;
    const bits = widens === undefined ? undefined : places.find(({ name }) => name === widens)?.bits;
    return (
      says.every((name) => isSet(option, placed) === (fieldOf(option, name) !== undefined)) &&
      (bits === undefined || isSet(option, placed) === (bits === wide))
    );
  }) && layout.fits(option);

/**
 * The record of a shape with these values, whose flags say what it has. `values` gives a value for each place; what widths
 * are stated follows from the places.
 */
export function recordOf(
  { option }: Layout,
  form: Form,
  places: readonly Place[],
  values: (place: Place) => FieldValue,
): OptionRecord {
  const record: Record<string, FieldValue> = Object.fromEntries(places.map((place) => [place.name, values(place)]));
  for (const [name, field] of form.fields)
    if (field.kind === 'width') record[name] = (places.find((place) => place.name === field.of)?.bits ?? 0) / octetBits;
  for (const { field, flag } of form.ruling) {
    const says = flag.says?.some((name) => name in record);
    const bits = places.find(({ name }) => name === flag.widens)?.bits;
    const set = says ?? (bits === undefined ? undefined : bits === wide);
    const before = Number(record[field]);
    if (set !== undefined) record[field] = set ? before | flag.bit : before & ~flag.bit;
  }
  return { option, ...(form.form === undefined ? {} : { form: form.form }), ...record };
}
