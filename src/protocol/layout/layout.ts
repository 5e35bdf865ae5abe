/**
 * One option described once: its name, its kind and subtype, and the fields of each of its forms in the order of the
 * wire. The type of the decoded option follows from the fields, so it is declared only once.
 */
import type { Malformed } from '../bytes/malformed.js';
import type { Field, Fields, FieldValue, Flag } from './field.js';

/** What every decoded option has. */
export interface OptionRecord {
  readonly option: string;
  /** Which of several forms it has, by the segment that carries it: `syn`, `syn/ack` or `ack`. */
  readonly form?: string;
}

export interface Form {
  readonly form: string | undefined;
  readonly fields: readonly (readonly [name: string, field: Field])[];
  readonly flags: readonly PlacedFlag[];
  /** Flags that determine which fields are present or how wide they are. */
  readonly ruling: readonly PlacedFlag[];
  /** By the name of a field: the flag that gives it its width. */
  readonly widening: ReadonlyMap<string, PlacedFlag>;
  /** By the name of a field: the field that states its width. */
  readonly stating: ReadonlyMap<string, string>;
}

/** A flag and the name of the field that it is in. */
export interface PlacedFlag {
  readonly field: string;
  readonly letter: string;
  readonly flag: Flag;
}

/** How one option is read and written. The length is proved to fit into `octets` before. */
export interface OptionCodec<T extends OptionRecord> {
  /** Octets that `write` writes. */
  length(option: T): number;
  /** Writes every octet of the option and returns how many these are; `subtype` is its number, where it has one. */
  write(option: T, into: Uint8Array, at: number, subtype: number): number;
  /** Octet strings are views of `octets`. */
  decode(octets: Uint8Array, at: number, length: number): T | Malformed;
}

export interface Layout<T extends OptionRecord = OptionRecord> {
  readonly option: string;
  readonly meaning: string;
  /** TCP option kind; absent where a field says it. */
  readonly kind: number | undefined;
  /** Bits from the start of the option to the first field. */
  readonly from: number;
  readonly forms: readonly Form[];
  /** The conditions among the fields of a valid option beyond those of each field. */
  fits(option: T): boolean;
}

/** The record that a layout describes. */
export type OptionOf<L> = L extends Layout<infer T> ? T : never;

export function formOf(form: string | undefined, described: Fields): Form {
  const fields = Object.entries(described);
  const flags = fields.flatMap(([name, field]) =>
    field.kind === 'flags' ? Object.entries(field.flags).map(([letter, flag]) => ({ field: name, letter, flag })) : [],
  );
  return {
    form,
    fields,
    flags,
    ruling: flags.filter(({ flag }) => flag.says !== undefined || flag.widens !== undefined),
    widening: new Map(
      flags.flatMap((placed) => (placed.flag.widens === undefined ? [] : [[placed.flag.widens, placed] as const])),
    ),
    stating: new Map(fields.flatMap(([name, field]) => (field.kind === 'width' ? [[field.of, name] as const] : []))),
  };
}

/** The value of a field by its name: records of all options, seen alike. */
export const fieldOf = (option: OptionRecord, name: string): FieldValue | undefined =>
  (option as unknown as Readonly<Record<string, FieldValue | undefined>>)[name];

/** The form that an option has; the only one where a layout has one. */
export const formOfOption = ({ forms }: Layout, { form }: OptionRecord): Form | undefined =>
  forms.find((each) => each.form === form) ?? forms[0];
