/**
 * The octets of one TCP option, field by field. The first row of each option names it, with kind and length; the rest
 * are its fields by the words of the case language.
 */
import { hexNumber, toHex } from '../../protocol/bytes/hex.js';
import { DssFlag, type MptcpOption } from '../../protocol/mptcp/option.js';
import { describeOption } from '../../protocol/wire/describe.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import type { FrameField } from './frame-field.js';

/** A field by its offset from the option's kind octet and its width in octets. */
type Place = readonly [offset: number, width: number, name: string, value: string | number];

/** `from` is where the option's kind octet stands, `to` the octet behind the option. */
export const optionFields = (option: TcpOption, from: number, to: number): readonly FrameField[] => {
  const places = placesOf(option, to - from);
  const name = option.option;
  const [first] = places;
  const head = { from, to: first === undefined ? to : from + 2, name, value: headOf(option, to - from) };
  return [
    head,
    ...places.map(([offset, width, field, value]) => ({
      from: from + offset,
      to: from + offset + width,
      name: `${name}.${field}`,
      value: String(value),
    })),
  ];
};

const headOf = (option: TcpOption, length: number): string => {
  switch (option.option) {
    case 'nop':
      return 'padding';
    case 'eol':
      return 'end of options';
    case 'sack_permitted':
      return 'kind 4, length 2';
    case 'mss':
      return `kind 2, length ${length}`;
    case 'window_scale':
      return `kind 3, length ${length}`;
    case 'sack':
      return describeOption(option);
    case 'timestamps':
      return `kind 8, length ${length}`;
    case 'unknown':
    case 'malformed':
    case 'raw':
      return describeOption(option);
    default:
      return `kind 30, length ${length}`;
  }
};

const key = (value: bigint): string => hexNumber(value, 16);
const word = (value: number): string => hexNumber(value, 8);

const placesOf = (option: TcpOption, length: number): readonly Place[] => {
  switch (option.option) {
    case 'mss':
      return [[2, 2, 'value', option.value]];
    case 'window_scale':
      return [[2, 1, 'shift', option.shift]];
    case 'timestamps':
      return [
        [2, 4, 'value', option.value],
        [6, 4, 'echo', option.echo],
      ];
    case 'nop':
    case 'eol':
    case 'sack_permitted':
    case 'sack':
    case 'unknown':
    case 'malformed':
    case 'raw':
      return [];
    default:
      return mptcpPlaces(option, length);
  }
};

/** Layouts of RFC 8684 section 3 and of the draft. */
const mptcpPlaces = (option: MptcpOption, length: number): readonly Place[] => {
  switch (option.option) {
    case 'mp_capable':
      return [
        [2, 1, 'version', option.version],
        [3, 1, 'flags', flags(option.flags, { A: 0x80, B: 0x40, C: 0x20, H: 0x01 })],
        ...present(4, 8, 'key', option.key, key),
        ...present(12, 8, 'peer_key', option.peerKey, key),
        ...present(20, 2, 'data_length', option.dataLength, String),
        ...present(22, 2, 'checksum', option.checksum, (value) => hexNumber(value, 4)),
      ];
    case 'mp_join':
      return joinPlaces(option);
    case 'dss':
      return dssPlaces(option);
    case 'add_addr':
      return [
        [2, 1, 'nibble', option.nibble],
        [3, 1, 'address_id', option.addressId],
        [4, option.address.length, 'address', toHex(option.address)],
        ...present(4 + option.address.length, 2, 'port', option.port, String),
        ...present(length - 8, 8, 'hmac', option.hmac, toHex),
      ];
    case 'remove_addr':
      return [
        [2, 1, 'reserved', option.reserved],
        ...option.addressIds.map((id, index): Place => [3 + index, 1, 'address_id', id]),
      ];
    case 'mp_prio':
      return [[2, 1, 'backup', option.backup ? 1 : 0], ...present(3, 1, 'address_id', option.addressId, String)];
    case 'mp_fail':
      return [
        [2, 2, 'reserved', option.reserved],
        [4, 8, 'dsn', key(option.dsn)],
      ];
    case 'mp_fastclose':
      return [
        [2, 2, 'reserved', option.reserved],
        [4, 8, 'peer_key', key(option.peerKey)],
      ];
    case 'mp_tcprst':
      return [
        [2, 1, 'flags', hexNumber(option.flags, 1)],
        [3, 1, 'reason', option.reason],
      ];
    case 'robe_esim_en':
      return [[2, 2, 'reserved', option.reserved]];
    case 'mp_join_cap':
      return [
        [2, 1, 'reserved', option.reserved],
        [3, 1, 'address_id', option.addressId],
        [4, 8, 'key', key(option.key)],
        [12, option.mac.length, 'mac', toHex(option.mac)],
      ];
    case 'l_rtt_en':
      return [
        [2, 2, 'reserved', option.reserved],
        [4, option.octets, 'rtt', option.rtt.toString()],
      ];
    case 'mptcp_unknown':
      return [
        [2, 1, 'subtype', option.subtype],
        [3, option.data.length, 'data', toHex(option.data)],
      ];
  }
};

const joinPlaces = (option: Extract<MptcpOption, { option: 'mp_join' }>): readonly Place[] => {
  switch (option.form) {
    case 'syn':
      return [
        [2, 1, 'backup', option.backup ? 1 : 0],
        [3, 1, 'address_id', option.addressId],
        [4, 4, 'token', word(option.token)],
        [8, 4, 'nonce', word(option.nonce)],
      ];
    case 'syn/ack':
      return [
        [2, 1, 'backup', option.backup ? 1 : 0],
        [3, 1, 'address_id', option.addressId],
        [4, 8, 'hmac', toHex(option.hmac)],
        [12, 4, 'nonce', word(option.nonce)],
      ];
    case 'ack':
      return [
        [2, 2, 'reserved', option.reserved],
        [4, option.hmac.length, 'hmac', toHex(option.hmac)],
      ];
  }
};

/** RFC 8684 section 3.3: the flags decide the widths. */
const dssPlaces = (option: Extract<MptcpOption, { option: 'dss' }>): readonly Place[] => {
  const places: Place[] = [[3, 1, 'flags', flags(option.flags, DssFlag)]];
  let at = 4;
  const put = <T>(width: number, name: string, value: T | undefined, text: (value: T) => string): void => {
    if (value === undefined) return;
    places.push([at, width, name, text(value)]);
    at += width;
  };
  const wide = (flag: number): number => ((option.flags & flag) === 0 ? 4 : 8);
  put(wide(DssFlag.a), 'ack', option.ack, (value) => hexNumber(value, 2 * wide(DssFlag.a)));
  put(wide(DssFlag.m), 'dsn', option.dsn, (value) => hexNumber(value, 2 * wide(DssFlag.m)));
  put(4, 'ssn', option.ssn, String);
  put(2, 'data_length', option.dataLength, String);
  put(2, 'checksum', option.checksum, (value) => hexNumber(value, 4));
  return places;
};

const present = <T>(
  offset: number,
  width: number,
  name: string,
  value: T | undefined,
  text: (value: T) => string,
): readonly Place[] => (value === undefined ? [] : [[offset, width, name, text(value)]]);

const flags = (octet: number, names: Readonly<Record<string, number>>): string => {
  const set = Object.entries(names).filter(([, bit]) => (octet & bit) !== 0);
  return `${hexNumber(octet, 2)}${set.length === 0 ? '' : ` ${set.map(([name]) => name).join(' ')}`}`;
};
