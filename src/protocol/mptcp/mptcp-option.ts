/**
 * How the file of an MPTCP option describes it (RFC 8684 section 3): the layout, from which its type follows, and a codec. An
 * option whose file has no codec of its own is read and written by its layout.
 */
import { layoutCodec } from '../layout/codec.js';
import type { Fields, RecordOf } from '../layout/field.js';
import { formOf, type Layout, type OptionCodec, type OptionRecord } from '../layout/layout.js';
import { mptcpFieldsFrom, mptcpKind, mptcpSubtypeFrom } from './head.js';

/** The number that an RFC assigns, or the name of a run's parameter for options of the draft, which assigns none. */
export type Subtype = number | DraftSubtype<string>;

export interface DraftSubtype<Name extends string> {
  readonly parameter: Name;
  /** Taken when nothing else is declared. */
  readonly usual: number;
}

export interface MptcpLayout<T extends OptionRecord = OptionRecord, S extends Subtype | undefined = Subtype | undefined>
  extends Layout<T> {
  /** Absent for the one option that holds any subtype that no other has. */
  readonly subtype: S;
  readonly codec: OptionCodec<T>;
}

interface Description<S, F, T> {
  readonly subtype: S;
  readonly meaning: string;
  readonly fields: F;
  readonly fits?: (option: T) => boolean;
}

type Tagged<N extends string> = { readonly option: N };

/** An option of one form. */
export const mptcpOption = <
  const N extends string,
  const S extends Subtype,
  const F extends Fields,
  T extends OptionRecord = RecordOf<Tagged<N>, F>,
>(
  option: N,
  { subtype, meaning, fields, fits }: Description<S, F, T>,
): MptcpLayout<T, S> =>
  withLayoutCodec({ option, meaning, from: mptcpFieldsFrom, forms: [formOf(undefined, fields)] }, subtype, fits);

type FormsOf<N extends string, F> = {
  [K in keyof F & string]: RecordOf<Tagged<N> & { readonly form: K }, F[K]>;
}[keyof F & string];

/** An option whose form depends on the segment that carries it: forms are named `syn`, `syn/ack` and `ack`. */
export const mptcpOptionOfForms = <
  const N extends string,
  const S extends Subtype,
  const F extends Readonly<Record<'syn' | 'syn/ack' | 'ack', Fields>>,
>(
  option: N,
  { subtype, meaning, forms }: { readonly subtype: S; readonly meaning: string; readonly forms: F },
): MptcpLayout<FormsOf<N, F>, S> =>
  withLayoutCodec(
    {
      option,
      meaning,
      from: mptcpFieldsFrom,
      forms: Object.entries(forms).map(([form, fields]) => formOf(form, fields)),
    },
    subtype,
  );

/** The option that holds every subtype which no other has: its first field is the subtype. */
export const anySubtypeOption = <const N extends string, const F extends Fields>(
  option: N,
  { meaning, fields }: { readonly meaning: string; readonly fields: F },
): MptcpLayout<RecordOf<Tagged<N>, F>, undefined> =>
  withLayoutCodec({ option, meaning, from: mptcpSubtypeFrom, forms: [formOf(undefined, fields)] }, undefined);

function withLayoutCodec<T extends OptionRecord, S extends Subtype | undefined>(
  described: Pick<Layout<T>, 'option' | 'meaning' | 'from' | 'forms'>,
  subtype: S,
  fits: (option: T) => boolean = () => true,
): MptcpLayout<T, S> {
  const layout = { ...described, kind: mptcpKind, fits };
  return { ...layout, subtype, codec: layoutCodec(layout) };
}

/** The same with a codec by hand, for options that are read and written often. */
export const byHand = <T extends OptionRecord, S extends Subtype | undefined>(
  layout: MptcpLayout<T, S>,
  codec: OptionCodec<T>,
): MptcpLayout<T, S> => ({ ...layout, codec });
