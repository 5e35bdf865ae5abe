/**
 * One option in Lua, from its layout: the fields by which Wireshark shows and filters it, and the function that fills them.
 * What follows a field whose width varies is not told apart and not shown.
 */
import { type Field, wordOf } from '../../protocol/layout/field.js';
import type { Layout } from '../../protocol/layout/layout.js';
import { lengthOf } from '../../protocol/layout/places.js';
import { shapesOf } from '../../protocol/layout/shapes.js';

interface Row {
  readonly name: string;
  readonly field: Field;
  /** Octets from the start of the option. */
  readonly first: number;
  /** Absent when the field goes to the end of the option. */
  readonly count?: number;
  /** Bits of these octets that are the field's; absent for all. */
  readonly mask?: number;
}

/** The fields of the first form, in the widest of its shapes, up to the first whose width varies. */
const rowsOf = (layout: Layout): readonly Row[] => {
  const shapes = shapesOf(layout).filter(({ form }) => form === layout.forms[0]);
  const widest = shapes.reduce((a, b) => (b.places.length > a.places.length ? b : a));
  const rows: Row[] = [];
  for (const { name, field, from, bits } of widest.places) {
    const widths = new Set(
      shapes.flatMap(({ places }) => places.filter((each) => each.name === name).map((p) => p.bits)),
    );
    const first = Math.floor(from / 8);
    const last = widest.open && name === widest.places.at(-1)?.name;
    if (last || widths.size > 1) return [...rows, { name, field, first }];
    const count = Math.ceil((from + bits) / 8) - first;
    const below = (first + count) * 8 - from - bits;
    rows.push({ name, field, first, count, ...(bits === count * 8 ? {} : { mask: (2 ** bits - 1) * 2 ** below }) });
  }
  return rows;
};

const quoted = (layout: Layout, word?: string): string =>
  `"${word === undefined ? layout.option : `${layout.option}.${word}`}"`;

/** The lines of the table of fields. */
export const protoFields = (layout: Layout): readonly string[] => [
  `  [${quoted(layout)}] = ProtoField.none("robe.${layout.option}", "${layout.meaning}"),`,
  ...rowsOf(layout).map(({ name, field, count, mask }) => {
    const word = wordOf(name);
    return `  [${quoted(layout, word)}] = ${protoField(`"robe.${layout.option}.${word}", "${field.meaning}"`, field, count, mask)},`;
  }),
  ...widthsOf(layout).map(
    ({ name, field }) =>
      `  [${quoted(layout, wordOf(name))}] = ProtoField.uint8("robe.${layout.option}.${wordOf(name)}", "${field.meaning}"),`,
  ),
];

const protoField = (named: string, field: Field, count: number | undefined, mask: number | undefined): string => {
  switch (field.kind) {
    case 'number':
    case 'flags':
    case 'bit': {
      const base = field.kind === 'number' && field.shown === 'decimal' ? 'base.DEC' : 'base.HEX';
      return `ProtoField.uint${8 * (count ?? 1)}(${named}, ${base}${mask === undefined ? '' : `, nil, 0x${mask.toString(16)}`})`;
    }
    case 'long':
      return `ProtoField.uint64(${named}, ${field.shown === 'decimal' ? 'base.DEC' : 'base.HEX'})`;
    case 'octets':
    case 'list':
      return `ProtoField.bytes(${named})`;
    case 'width':
      return `ProtoField.uint8(${named})`;
  }
};

/** Fields that are not on the wire but tell how wide another is, with where that one starts. */
const widthsOf = (layout: Layout) =>
  (layout.forms[0]?.fields ?? []).flatMap(([name, field]) => {
    if (field.kind !== 'width') return [];
    const first = rowsOf(layout).find((row) => row.name === field.of)?.first;
    return first === undefined ? [] : [{ name, field, first }];
  });

/** Wireshark refuses preferences that begin with the name of their protocol. */
export const preferenceName = (option: string): string => option.replace(/^robe_/, '');

/** The function of one option, and its entry in the table of dissectors. `more` is Lua for fields that hold something else, too. */
export const dissectOption = (layout: Layout, more: Readonly<Record<string, string>>): string => {
  const lines = rowsOf(layout).map((row) => addField(layout, row, more));
  const widths = widthsOf(layout).map(
    ({ name, first }) => `  node:add(fields[${quoted(layout, wordOf(name))}], option(1, 1), option:len() - ${first})`,
  );
  return `local function ${layout.option}(option, tree)
  local node = tree:add(fields[${quoted(layout)}], option)
  if not (${rightLength(layout)}) then return node:add_proto_expert_info(damaged) end
${[...lines, ...widths].join('\n')}
end
table.insert(dissectors, { preference = "${preferenceName(layout.option)}", title = "${layout.meaning}", dissect = ${layout.option} })`;
};

const addField = (
  layout: Layout,
  { name, field, first, count }: Row,
  more: Readonly<Record<string, string>>,
): string => {
  const word = wordOf(name);
  const range = `option(${first}, ${count ?? `option:len() - ${first}`})`;
  const add = `node:add(fields[${quoted(layout, word)}], range${field.kind === 'long' ? ', low64(range)' : ''})`;
  const extra = more[`${layout.option}.${word}`];
  const there = count === undefined ? `option:len() > ${first}` : `option:len() >= ${first + count}`;
  return `  if ${there} then
    local range = ${range}
    ${add}${extra === undefined ? '' : `\n    ${extra}`}
  end`;
};

const rightLength = (layout: Layout): string => {
  const lengths = shapesOf(layout).map(({ places, open }) => ({ length: lengthOf(layout, places), open }));
  return [...new Set(lengths.map(({ length, open }) => `option:len() ${open ? '>=' : '=='} ${length}`))].join(' or ');
};
