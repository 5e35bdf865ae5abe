/** Arbitrary option values and drafts for property tests: everything that has a form on the wire, reserved bits included. */
import fc from 'fast-check';
import { type Field, type FieldValue, isSpare } from '../layout/field.js';
import { fieldOf, type Layout, type OptionRecord } from '../layout/layout.js';
import type { Place } from '../layout/places.js';
import { recordOf, type Shape, shapesOf } from '../layout/shapes.js';
import { mptcpLayouts } from '../mptcp/option.js';
import type { TcpDraft } from '../wire/packet.js';
import { seq } from '../wire/seq.js';
import { optionLayouts, type TcpOption } from '../wire/tcp-option.js';

const bits = (count: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** count - 1 });
const octets = (least: number, most: number = least): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: least, maxLength: most });
const name = <N extends string>(value: N): fc.Arbitrary<N> => fc.constant(value);

/** How many octets a field that has no end has at most beyond its least. */
const furthest = 8;

function anyValue(field: Field, width: number): fc.Arbitrary<FieldValue> {
  switch (field.kind) {
    case 'number':
    case 'flags':
    case 'width':
      return bits(width);
    case 'bit':
      return fc.boolean();
    case 'long':
      return fc.bigInt({ min: 0n, max: 2n ** BigInt(width) - 1n });
    case 'octets':
      return octets(width / 8);
    case 'list':
      return fc.array(bits(8), { minLength: width / 8, maxLength: width / 8 });
  }
}

/** The places of a shape, whose last one is longer than it must be where it is open. */
const anyPlaces = ({ places, open }: Shape): fc.Arbitrary<readonly Place[]> =>
  open
    ? fc
        .integer({ min: 0, max: furthest })
        .map((more) =>
          places.map((place, n) => (n < places.length - 1 ? place : { ...place, bits: place.bits + 8 * more })),
        )
    : fc.constant(places);

/** Every right option that a layout describes; reserved bits that a record leaves out when they are zero are left out. */
export const anyOptionOf = (layout: Layout): fc.Arbitrary<OptionRecord> =>
  fc
    .constantFrom(...shapesOf(layout))
    .chain((shape) =>
      anyPlaces(shape).chain((places) =>
        fc.tuple(...places.map(({ field, bits: width }) => anyValue(field, width))).map((values) => {
          const given = new Map(places.map((place, n) => [place, values[n] ?? 0]));
          return withoutSpare(
            layout,
            recordOf(layout, shape.form, places, (place) => given.get(place) ?? 0),
          );
        }),
      ),
    )
    .filter((option) => layout.fits(option));

function withoutSpare({ forms }: Layout, option: OptionRecord): OptionRecord {
  const spare = forms.flatMap(({ fields }) =>
    fields.filter(([, field]) => field.optional === true && isSpare(field)).map(([field]) => field),
  );
  return Object.fromEntries(
    Object.entries(option).filter(([field, value]) => !(spare.includes(field) && value === 0)),
  ) as unknown as OptionRecord;
}

/** What `mptcp_unknown` never has; the numbers of the draft's options are the usual ones. */
const takenSubtypes: ReadonlySet<unknown> = new Set(
  mptcpLayouts.map(({ subtype }) => (typeof subtype === 'object' ? subtype.usual : subtype)),
);

/** Numbers that belong to other options: those decode to those. */
const taken = (option: OptionRecord): boolean =>
  (option.option === 'unknown' && [0, 1, 2, 3, 4, 5, 8, 30].includes(Number(fieldOf(option, 'kind')))) ||
  (option.option === 'mptcp_unknown' && takenSubtypes.has(Number(fieldOf(option, 'subtype'))));

/** Everything that decodes to itself; an end of list only stands at the end. */
export const anyOption: fc.Arbitrary<TcpOption> = fc.oneof(
  ...optionLayouts.map((layout) => anyOptionOf(layout).filter((option) => !taken(option)) as fc.Arbitrary<TcpOption>),
  fc.record({ option: name('nop') }),
  fc.record({
    option: name('sack'),
    blocks: fc.array(fc.record({ left: bits(32), right: bits(32) }), { maxLength: 4 }),
  }),
);

const ipv4 = fc.tuple(bits(8), bits(8), bits(8), bits(8)).map((parts) => parts.join('.'));
/** In full form without leading zeros, and no word 0, so that it is canonical, too. */
const ipv6 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((words) => words.map((word) => word.toString(16)).join(':'));
const mac = octets(6).map((parts) => Array.from(parts, (part) => part.toString(16).padStart(2, '0')).join(':'));
const ends = (one: fc.Arbitrary<string>) => fc.record({ source: one, destination: one });

/** Drafts that leave lengths and checksums to be computed. */
export const anyDraft: fc.Arbitrary<TcpDraft> = fc.record({
  ethernet: ends(mac),
  ip: fc.oneof(ends(ipv4), ends(ipv6)).chain((ip) => bits(8).map((ttl) => ({ ...ip, ttl }))),
  tcp: fc.record({
    sourcePort: bits(16),
    destinationPort: bits(16),
    seq: bits(32).map(seq),
    ack: bits(32).map(seq),
    flags: bits(8),
    reserved: bits(4),
    window: bits(16),
    urgent: bits(16),
    options: fc.array(anyOption, { maxLength: 5 }),
    payload: octets(0, 40),
  }),
});
