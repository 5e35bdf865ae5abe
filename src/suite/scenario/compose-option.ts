/**
 * From the words of a case to one TCP option to be sent. Fields that the case leaves out get the values of a right host;
 * `length` and `length_octet` then falsify the octets on purpose.
 */
import { type Field, type FieldValue, type LongField, type OctetsField, wordOf } from '../../protocol/layout/field.js';
import type { Form, Layout, PlacedFlag } from '../../protocol/layout/layout.js';
import { widthWordOf } from '../../protocol/layout/words.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import { layoutOf, type TcpOption } from '../../protocol/wire/tcp-option.js';
import { encodeOptions } from '../../protocol/wire/tcp-options.js';
import { ExpressionError, integer, octetsOf, type Value } from '../language/expression.js';

/** What composing needs besides the fields: the segment of the option and the case's version. */
export interface OptionContext {
  readonly syn: boolean;
  readonly ack: boolean;
  readonly version: 0 | 1;
  readonly subtypes: DraftSubtypes;
  /** TSval now and the TSval to echo. */
  readonly timestamps: { readonly value: number; readonly echo: number };
}

/** What a field of an option is worth where neither the case nor the layout says it. */
const fromContext: Readonly<Record<string, Readonly<Record<string, (context: OptionContext) => number>>>> = {
  mp_capable: { version: ({ version }) => version },
  timestamps: { value: ({ timestamps }) => timestamps.value, echo: ({ timestamps }) => timestamps.echo },
};

/** One option to be sent: its layout, the form required by its segment, and the fields given by the case. */
class Sending {
  readonly form: Form;

  constructor(
    readonly layout: Layout,
    readonly values: ReadonlyMap<string, Value>,
    readonly context: OptionContext,
  ) {
    const name = context.syn ? (context.ack ? 'syn/ack' : 'syn') : 'ack';
    const form = layout.forms.find((each) => each.form === name) ?? layout.forms[0];
    if (form === undefined) throw new ExpressionError(`no form of \`${layout.option}\``);
    this.form = form;
  }

  has(word: string): boolean {
    return this.values.has(word);
  }

  number(word: string, bits: number): bigint | undefined {
    const value = this.values.get(word);
    return value === undefined ? undefined : BigInt.asUintN(bits, integer(value));
  }

  /** The octets of a field of the octet kind: as many as in a right option, or as many as given. */
  octets(word: string, count: OctetsField['count']): Uint8Array | undefined {
    const value = this.values.get(word);
    if (value === undefined) return undefined;
    const given = value instanceof Uint8Array ? value : asShortOctets(integer(value));
    if ('least' in count) return given;
    const [only] = count;
    if (count.length === 1 && only !== undefined) return octetsOf(value, only);
    return octetsOf(given, count.find((each) => each >= given.length) ?? Math.max(...count));
  }

  /** Whether a field is present because the leading field of its flag is. */
  isBrought(name: string): boolean {
    return this.form.ruling.some(({ flag: { says: [leader, ...others] = [] } }) =>
      leader !== undefined && others.includes(name) ? this.has(wordOf(leader)) : false,
    );
  }

  /** Octets of a field whose width a flag or another field decides. */
  widthOf(name: string, field: LongField): number {
    if (this.form.widening.has(name)) return Number(this.number(widthWordOf(name), 8) ?? 8n) * 8;
    const stated = this.form.fields.find(([other]) => other === this.form.stating.get(name));
    if (stated === undefined) return field.bits;
    return Number(this.value(...stated)) * 8;
  }

  flag({ flag }: PlacedFlag): boolean {
    const [leader] = flag.says ?? [];
    if (leader !== undefined) return this.has(wordOf(leader));
    if (flag.widens !== undefined)
      return this.has(wordOf(flag.widens)) && (this.number(widthWordOf(flag.widens), 8) ?? 8n) === 8n;
    const given = flag.word === undefined ? undefined : this.number(flag.word, 64);
    return given === undefined ? flag.usual === true : given !== 0n;
  }

  /** The value of the field; undefined if it is left out. */
  value(name: string, field: Field): FieldValue | undefined {
    const given = this.given(name, field);
    if (given !== undefined) return given;
    const context = fromContext[this.layout.option]?.[name];
    if (context !== undefined) return context(this.context);
    if (field.kind === 'flags')
      return this.form.flags.reduce(
        (bits, placed) => bits | (placed.field === name && this.flag(placed) ? placed.flag.bit : 0),
        0,
      );
    if (field.optional === true && !this.isBrought(name)) return undefined;
    if (field.usual !== undefined) return field.usual;
    throw new ExpressionError(`${this.layout.option} needs \`${wordOf(name)}\` when it is sent`);
  }

  private given(name: string, field: Field): FieldValue | undefined {
    const word = wordOf(name);
    switch (field.kind) {
      case 'number':
      case 'flags': {
        const value = this.number(word, field.bits);
        return value === undefined ? undefined : Number(value);
      }
      case 'bit': {
        const value = this.number(word, 64);
        return value === undefined ? undefined : value !== 0n;
      }
      case 'long':
        return this.has(word) ? this.number(word, this.widthOf(name, field)) : undefined;
      case 'octets':
        return this.octets(word, field.count);
      case 'list': {
        const octets = this.octets(word, { least: 1 });
        return octets === undefined ? undefined : [...octets];
      }
      case 'width': {
        const value = this.number(word, 8);
        if (value === undefined || field.octets.includes(Number(value)))
          return value === undefined ? value : Number(value);
        throw new ExpressionError(`${this.layout.option}: \`${word}\` is ${field.octets.join(' or ')}`);
      }
    }
  }

  record(): TcpOption {
    const { form, fields } = this.form;
    const option: Record<string, FieldValue | string> = { option: this.layout.option };
    if (form !== undefined) option['form'] = form;
    for (const [name, field] of fields) {
      const value = this.value(name, field);
      if (value !== undefined) option[name] = value;
    }
    return option as unknown as TcpOption;
  }
}

/** The octets of a number without leading zeros, at least one. */
function asShortOctets(value: bigint): Uint8Array {
  const hex = value.toString(16);
  return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

/** One option as written in the case, or its octets if the case falsifies its length. */
export function composeOption(name: string, values: ReadonlyMap<string, Value>, context: OptionContext): TcpOption {
  const layout = layoutOf(name);
  if (layout === undefined) throw new ExpressionError(`no option \`${name}\``);
  const sending = new Sending(layout, values, context);
  const option = sending.record();
  const length = sending.number('length', 8);
  const lie = sending.number('length_octet', 8);
  if (length === undefined && lie === undefined) return option;
  const padded = encodeOptions([option], context.subtypes);
  const right = padded.subarray(0, padded[1] ?? padded.length);
  const octets = new Uint8Array(length === undefined ? right.length : Number(length));
  octets.set(right.subarray(0, octets.length));
  if (octets.length > 1) octets[1] = Number(lie ?? length ?? 0n);
  return { option: 'raw', octets };
}
