/**
 * The octets of one TCP option, field by field. The first row of each option names it, with kind and length; the rest
 * are its fields by the words of the case language.
 */
import { hexNumber } from '../../protocol/bytes/hex.js';
import { wordOf } from '../../protocol/layout/field.js';
import { fieldOf, type OptionRecord } from '../../protocol/layout/layout.js';
import { type Place, placesOf } from '../../protocol/layout/places.js';
import { fieldText } from '../../protocol/layout/text.js';
import { describeOption } from '../../protocol/wire/describe.js';
import { kindOf, layoutOf, type TcpOption } from '../../protocol/wire/tcp-option.js';
import type { FrameField } from './frame-field.js';

/** `from` is where the option's kind octet stands, `to` the octet after the option. */
export const optionFields = (option: TcpOption, from: number, to: number): readonly FrameField[] => {
  const layout = layoutOf(option.option);
  const places = layout === undefined ? [] : placesOf(layout, option).filter(({ bits }) => bits > 0);
  const head = { from, to: places.length === 0 ? to : from + 2, name: option.option, value: headOf(option, to - from) };
  return [
    head,
    ...places.map((place) => ({
      from: from + Math.floor(place.from / 8),
      to: from + Math.ceil((place.from + place.bits) / 8),
      name: `${option.option}.${wordOf(place.name)}`,
      value: valueText(option, place),
    })),
  ];
};

const headOf = (option: TcpOption, length: number): string => {
  switch (option.option) {
    case 'nop':
      return 'padding';
    case 'eol':
      return 'end of options';
    case 'sack':
    case 'malformed':
    case 'raw':
      return describeOption(option);
    default:
      return `kind ${kindOf(option)}, length ${length}`;
  }
};

const valueText = (option: OptionRecord, { name, field, bits }: Place): string => {
  const value = fieldOf(option, name) ?? 0;
  const text = fieldText(field, value, bits);
  return field.kind === 'flags' ? `${hexNumber(Number(value), Math.ceil(bits / 4))} ${text}` : text;
};
