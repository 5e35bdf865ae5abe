/**
 * The names of the parts of an option in cases, findings and pages: its fields, the flags that have a word, and, if a
 * flag determines the width of a field, that width (`ack_octets`). A decoded option is read by the same words.
 */
import { type Field, type FieldValue, isSpare, type OctetsField, wordOf } from './field.js';
import { type Form, fieldOf, formOfOption, type Layout, type OptionRecord, type PlacedFlag } from './layout.js';
import { bitsOf, isSet } from './places.js';

export interface Word {
  readonly word: string;
  readonly meaning: string;
  /** The word of the field in whose octets it stands: `flags` for a flag. */
  readonly within: string;
  /** At most. */
  readonly bits: number;
  /** The only values that it can have, where these are few. */
  readonly only?: readonly number[];
  /** It holds octets, so many in a right option. */
  readonly octets?: OctetsField['count'];
  /** Its octets are numbers of one octet each. */
  readonly isList?: true;
  /** A case that sends the option must give it. */
  readonly needed: boolean;
  /** Whether tshark has a name for it. */
  readonly isKnownToTshark: boolean;
  /** Its width in a given option. */
  bitsIn(option: OptionRecord): number;
  /** Undefined if the option has no such part. */
  read(option: OptionRecord): bigint | Uint8Array | undefined;
}

/** In octets. */
const [narrow, wide] = [4, 8] as const;
const octetBits = 8;

/** Octets that the options of a TCP header take at most. */
const longestOption = 40;

function plain(value: FieldValue | undefined): bigint | Uint8Array | undefined {
  if (value === undefined || typeof value === 'bigint' || value instanceof Uint8Array) return value;
  return typeof value === 'object' ? Uint8Array.from(value) : BigInt(value);
}

/** The width on the wire at most: of octets that of the longest right ones, of those without end that of the longest option. */
function greatestBits(field: Field): number {
  switch (field.kind) {
    case 'number':
    case 'flags':
    case 'long':
      return field.bits;
    case 'bit':
      return 1;
    case 'width':
      return octetBits;
    case 'octets':
      return octetBits * ('least' in field.count ? longestOption : Math.max(...field.count));
    case 'list':
      return octetBits * longestOption;
  }
}

/** Whether it has no default value when a case sends the option. */
const isNeeded = (field: Field): boolean =>
  field.optional !== true && field.kind !== 'flags' && field.usual === undefined;

function fieldWord(form: Form, name: string, field: Field): Word {
  const word = wordOf(name);
  return {
    word,
    within: word,
    meaning: field.meaning,
    bits: greatestBits(field),
    needed: isNeeded(field),
    ...(field.kind === 'width' ? { only: field.octets } : {}),
    ...(field.kind === 'octets' ? { octets: field.count } : {}),
    ...(field.kind === 'list' ? { octets: { least: 1 }, isList: true } : {}),
    isKnownToTshark: field.tshark !== undefined,
    bitsIn: (option) => (field.kind === 'width' ? octetBits : bitsOf(form, name, field, option)),
    read: (option) => plain(fieldOf(option, name) ?? (isSpare(field) ? 0 : undefined)),
  };
}

function flagWord(placed: PlacedFlag, word: string): Word {
  const { meaning = '', tshark } = placed.flag;
  return {
    word,
    within: wordOf(placed.field),
    meaning,
    bits: 1,
    needed: false,
    isKnownToTshark: tshark !== undefined,
    bitsIn: () => 1,
    read: (option) => BigInt(isSet(option, placed)),
  };
}

/** The word for the width of a field that a flag decides. */
export const widthWordOf = (name: string): string => `${wordOf(name)}_octets`;

function widthWord(placed: PlacedFlag, name: string): Word {
  return {
    word: widthWordOf(name),
    within: wordOf(placed.field),
    meaning: `octets of ${wordOf(name)}: ${narrow} or ${wide}`,
    bits: octetBits,
    only: [narrow, wide],
    needed: false,
    isKnownToTshark: false,
    bitsIn: () => octetBits,
    read: (option) => (fieldOf(option, name) === undefined ? undefined : BigInt(isSet(option, placed) ? wide : narrow)),
  };
}

/** The words of a form, each field followed by its flags or its width. */
const wordsOfForm = (form: Form): readonly Word[] =>
  form.fields.flatMap(([name, field]) => {
    const flags = form.flags.flatMap((placed) =>
      placed.field === name && placed.flag.word !== undefined ? [flagWord(placed, placed.flag.word)] : [],
    );
    const widening = form.widening.get(name);
    return [fieldWord(form, name, field), ...flags, ...(widening === undefined ? [] : [widthWord(widening, name)])];
  });

/** The words of an option. One that several forms have is as wide as in the widest, and read in the form of each option. */
export function wordsOf(layout: Layout): Readonly<Record<string, Word>> {
  const all = layout.forms.map((form) => ({ form, words: wordsOfForm(form) }));
  const merged = new Map<string, Word>();
  for (const { words } of all)
    for (const word of words) {
      const before = merged.get(word.word);
      if (before === undefined || before.bits < word.bits) merged.set(word.word, word);
    }
  if (all.length === 1) return Object.fromEntries(merged);
  const inForm = (option: OptionRecord, name: string): Word | undefined => {
    const own = formOfOption(layout, option);
    return all.find(({ form }) => form === own)?.words.find(({ word }) => word === name);
  };
  return Object.fromEntries(
    [...merged].map(([name, word]) => [
      name,
      {
        ...word,
        bitsIn: (option: OptionRecord) => inForm(option, name)?.bitsIn(option) ?? word.bits,
        read: (option: OptionRecord) => inForm(option, name)?.read(option),
      },
    ]),
  );
}
