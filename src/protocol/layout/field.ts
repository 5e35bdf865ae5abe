/**
 * The fields of options and headers as values: the number of bits, the meaning, the display, and the default value of a
 * field. A field's name is its key in camelCase; cases write it as a word, see `wordOf`.
 */

interface Described {
  readonly meaning: string;
  /** What tshark calls it, where every version does. */
  readonly tshark?: string;
}

/** An unsigned integer of at most 32 bits. */
export interface NumberField extends Described {
  readonly kind: 'number';
  readonly bits: number;
  readonly shown: 'decimal' | 'hex';
  readonly usual?: number;
  /** Reserved bits: zero in a valid option and shown only if they are not. */
  readonly spare?: true;
  /** See {@link isOpaque}. */
  readonly opaque?: true;
  /** Its place if that is not directly after the previous field: bits from the start. */
  readonly at?: number;
}

/** An unsigned integer of more bits. Its width may vary: see `Flag.widens` and {@link WidthField}. */
export interface LongField extends Described {
  readonly kind: 'long';
  /** At most. */
  readonly bits: number;
  readonly shown: 'decimal' | 'hex';
  readonly usual?: bigint;
}

/** One bit, true or false. */
export interface BitField extends Described {
  readonly kind: 'bit';
  readonly usual: boolean;
}

/** Bits with names of their own, kept as one number so that unassigned ones survive. */
export interface FlagsField extends Described {
  readonly kind: 'flags';
  readonly bits: number;
  /** By the letters of the RFC's drawing. */
  readonly flags: Readonly<Record<string, Flag>>;
}

export interface Flag {
  readonly bit: number;
  /** What a case calls it; without a word it can only be given with the whole field. */
  readonly word?: string;
  readonly meaning?: string;
  readonly tshark?: string;
  readonly usual?: true;
  /** Set when and only when these fields are there. The first one brings the others with it. */
  readonly says?: readonly string[];
  /** Gives this field 8 octets instead of 4. */
  readonly widens?: string;
}

export interface OctetsField extends Described {
  readonly kind: 'octets';
  /** How many a right option has: one of these, or so many at least. */
  readonly count: readonly number[] | { readonly least: number };
  /** The default if a host gives no value; may be empty. */
  readonly usual?: Uint8Array;
}

/** Numbers of one octet each, to the end of the option; at least one. */
export interface ListField extends Described {
  readonly kind: 'list';
  readonly usual: readonly number[];
}

/** Not on the wire: how many octets a {@link LongField} has, where the length of the option alone tells. */
export interface WidthField<Octets extends number = number> extends Described {
  readonly kind: 'width';
  readonly of: string;
  readonly octets: readonly Octets[];
  readonly usual: Octets;
}

export type Field = (NumberField | LongField | BitField | FlagsField | OctetsField | ListField | WidthField) & {
  readonly optional?: true;
};

/** Fields by name, in the order of the wire. */
export type Fields = Readonly<Record<string, Field>>;

type Value<F> = F extends { readonly kind: 'number' | 'flags' }
  ? number
  : F extends { readonly kind: 'long' }
    ? bigint
    : F extends { readonly kind: 'bit' }
      ? boolean
      : F extends { readonly kind: 'octets' }
        ? Uint8Array
        : F extends { readonly kind: 'list' }
          ? readonly number[]
          : F extends WidthField<infer Octets>
            ? Octets
            : never;

export type FieldValue = number | bigint | boolean | Uint8Array | readonly number[];

type Needed<F> = { readonly [K in keyof F as F[K] extends { optional: true } ? never : K]: Value<F[K]> };
type Possible<F> = { readonly [K in keyof F as F[K] extends { optional: true } ? K : never]?: Value<F[K]> };
type Flat<T> = { [K in keyof T]: T[K] };

/** The record that fields describe, with what it is called beside them. */
export type RecordOf<Tags, F> = Flat<Tags & Needed<F> & Possible<F>>;

type More<F> = Partial<Omit<F, 'kind' | 'bits' | 'meaning'>>;

export const number = (bits: number, meaning: string, more: More<NumberField> = {}): NumberField => ({
  kind: 'number',
  bits,
  meaning,
  shown: 'decimal',
  ...more,
});

export const spare = (bits: number): NumberField =>
  number(bits, 'reserved bits', { usual: 0, shown: 'hex', spare: true });

/** A number without arithmetic: a token, a nonce, a checksum. */
export const opaque = (bits: number, meaning: string, more: More<NumberField> = {}): NumberField =>
  number(bits, meaning, { shown: 'hex', opaque: true, ...more });

export const long = (meaning: string, more: More<LongField> & { readonly bits?: number } = {}): LongField => ({
  kind: 'long',
  bits: 64,
  meaning,
  shown: 'hex',
  ...more,
});

export const bit = (meaning: string, more: More<BitField> = {}): BitField => ({
  kind: 'bit',
  meaning,
  usual: false,
  ...more,
});

export const flags = (bits: number, meaning: string, names: FlagsField['flags']): FlagsField => ({
  kind: 'flags',
  bits,
  meaning,
  flags: names,
});

export const octets = (count: OctetsField['count'], meaning: string, more: More<OctetsField> = {}): OctetsField => ({
  kind: 'octets',
  count,
  meaning,
  ...more,
});

export const list = (meaning: string, more: More<ListField> = {}): ListField => ({
  kind: 'list',
  meaning,
  usual: [0],
  ...more,
});

export const width = <const Octets extends number>(
  of: string,
  possible: readonly Octets[],
  usual: NoInfer<Octets>,
): WidthField<Octets> => ({
  kind: 'width',
  of,
  octets: possible,
  meaning: `octets of ${of}: ${possible.join(', ')}`,
  usual,
});

/** A field that may be absent; the length of the option or a flag shows it. */
export const optional = <F extends Field>(field: F): F & { readonly optional: true } => ({ ...field, optional: true });

/** Whether it is reserved bits: those are on the wire even where the record leaves them out, which means zero. */
export const isSpare = (field: Field): boolean => field.kind === 'number' && field.spare === true;

/** Whether a value is arbitrary: keys, tokens, nonces, sums. Another run of the same dialogue has other ones. */
export function isOpaque(field: Field): boolean {
  switch (field.kind) {
    case 'number':
      return field.opaque === true;
    case 'long':
      return field.shown === 'hex';
    case 'octets':
      return true;
    case 'bit':
    case 'flags':
    case 'list':
    case 'width':
      return false;
  }
}

/** Of the names of fields, which are few. */
const words = new Map<string, string>();

/** The word of the case language for a field: `peer_key` for `peerKey`. */
export function wordOf(name: string): string {
  const known = words.get(name);
  if (known !== undefined) return known;
  const word = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  words.set(name, word);
  return word;
}
