/**
 * From the words of a case to one TCP option to be sent. Fields that the case leaves out get what a right host would send;
 * `length` and `length_octet` then spoil the octets on purpose.
 */
import { type DraftSubtypes, DssFlag, MpCapableFlag } from '../../protocol/mptcp/option.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { encodeOptions } from '../../protocol/wire/tcp-options.js';
import { ExpressionError, integer, octetsOf, type Value } from '../language/expression.js';

/** What composing needs beside the fields: the segment it goes on and the case's version. */
export interface OptionContext {
  readonly syn: boolean;
  readonly ack: boolean;
  readonly version: 0 | 1;
  readonly subtypes: DraftSubtypes;
  /** TSval now and the TSval to echo. */
  readonly timestamps: { readonly value: number; readonly echo: number };
}

/** Field values of one option; a lookup that also says what was not given. */
class Given {
  constructor(
    private readonly option: string,
    private readonly values: ReadonlyMap<string, Value>,
  ) {}

  has(name: string): boolean {
    return this.values.has(name);
  }
  big(name: string, bits: number): bigint | undefined {
    const value = this.values.get(name);
    return value === undefined ? undefined : BigInt.asUintN(bits, integer(value));
  }
  number(name: string, bits: number, otherwise: number): number {
    const value = this.big(name, bits);
    return value === undefined ? otherwise : Number(value);
  }
  flag(name: string, otherwise: boolean): boolean {
    const value = this.values.get(name);
    return value === undefined ? otherwise : integer(value) !== 0n;
  }
  octets(name: string, count: number): Uint8Array {
    const value = this.values.get(name);
    if (value === undefined) throw new ExpressionError(`${this.option} needs \`${name}\` when it is sent`);
    return octetsOf(value, count);
  }
  demand(name: string, bits: number): bigint {
    const value = this.big(name, bits);
    if (value === undefined) throw new ExpressionError(`${this.option} needs \`${name}\` when it is sent`);
    return value;
  }
  /** Octets whose count the case decides. */
  opaque(name: string): Uint8Array {
    const value = this.values.get(name);
    if (value === undefined) return new Uint8Array(0);
    if (value instanceof Uint8Array) return value;
    const hex = integer(value).toString(16);
    return Uint8Array.from(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
  }
}

function capable(given: Given, context: OptionContext): TcpOption {
  const bits =
    (given.flag('a', false) ? MpCapableFlag.A : 0) |
    (given.flag('b', false) ? MpCapableFlag.B : 0) |
    (given.flag('c', false) ? MpCapableFlag.C : 0) |
    (given.flag('h', true) ? MpCapableFlag.H : 0);
  const key = given.big('key', 64);
  const peerKey = given.big('peer_key', 64);
  return {
    option: 'mp_capable',
    version: given.number('version', 4, context.version),
    flags: given.number('flags', 8, bits),
    ...(key === undefined ? {} : { key }),
    ...(peerKey === undefined ? {} : { peerKey }),
    ...(given.has('data_length') ? { dataLength: given.number('data_length', 16, 0) } : {}),
    ...(given.has('checksum') ? { checksum: given.number('checksum', 16, 0) } : {}),
  };
}

function join(given: Given, context: OptionContext): TcpOption {
  const reserved = given.number('reserved', 12, 0);
  if (!context.syn) return { option: 'mp_join', form: 'ack', reserved, hmac: given.octets('hmac', 20) };
  const common = {
    option: 'mp_join',
    backup: given.flag('backup', false),
    reserved: reserved & 0x7,
    addressId: given.number('address_id', 8, 0),
    nonce: Number(given.demand('nonce', 32)),
  } as const;
  return context.ack
    ? { ...common, form: 'syn/ack', hmac: given.octets('hmac', 8) }
    : { ...common, form: 'syn', token: Number(given.demand('token', 32)) };
}

function dss(given: Given): TcpOption {
  const ack = given.big('ack', given.number('ack_octets', 8, 8) * 8);
  const dsn = given.big('dsn', given.number('dsn_octets', 8, 8) * 8);
  const flags =
    (given.flag('fin', false) ? DssFlag.F : 0) |
    (ack === undefined ? 0 : DssFlag.A | (given.number('ack_octets', 8, 8) === 8 ? DssFlag.a : 0)) |
    (dsn === undefined ? 0 : DssFlag.M | (given.number('dsn_octets', 8, 8) === 8 ? DssFlag.m : 0));
  return {
    option: 'dss',
    flags,
    ...(given.has('reserved') ? { reserved: given.number('reserved', 4, 0) } : {}),
    ...(ack === undefined ? {} : { ack }),
    ...(dsn === undefined
      ? {}
      : { dsn, ssn: given.number('ssn', 32, 1), dataLength: given.number('data_length', 16, 0) }),
    ...(given.has('checksum') ? { checksum: given.number('checksum', 16, 0) } : {}),
  };
}

function addAddr(given: Given): TcpOption {
  const address = given.opaque('address');
  return {
    option: 'add_addr',
    nibble: given.number('nibble', 4, 0),
    addressId: given.number('address_id', 8, 0),
    address: octetsOf(address, address.length > 4 ? 16 : 4),
    ...(given.has('port') ? { port: given.number('port', 16, 0) } : {}),
    ...(given.has('hmac') ? { hmac: given.octets('hmac', 8) } : {}),
  };
}

function lRtt(given: Given): TcpOption {
  const octets = given.number('octets', 8, 4);
  if (octets !== 4 && octets !== 8 && octets !== 12) throw new ExpressionError('l_rtt_en: `octets` is 4, 8 or 12');
  return {
    option: 'l_rtt_en',
    reserved: given.number('reserved', 12, 0),
    rtt: given.big('rtt', 96) ?? 0n,
    octets,
  };
}

function rightOption(name: string, given: Given, context: OptionContext): TcpOption {
  const reserved = given.number('reserved', 12, 0);
  switch (name) {
    case 'mss':
      return { option: 'mss', value: given.number('value', 16, 1460) };
    case 'window_scale':
      return { option: 'window_scale', shift: given.number('shift', 8, 7) };
    case 'sack_permitted':
      return { option: 'sack_permitted' };
    case 'timestamps':
      return {
        option: 'timestamps',
        value: given.number('value', 32, context.timestamps.value),
        echo: given.number('echo', 32, context.timestamps.echo),
      };
    case 'mp_capable':
      return capable(given, context);
    case 'mp_join':
      return join(given, context);
    case 'dss':
      return dss(given);
    case 'add_addr':
      return addAddr(given);
    case 'remove_addr':
      return { option: 'remove_addr', reserved, addressIds: [given.number('address_id', 8, 0)] };
    case 'mp_prio':
      return {
        option: 'mp_prio',
        backup: given.flag('backup', true),
        reserved,
        ...(given.has('address_id') ? { addressId: given.number('address_id', 8, 0) } : {}),
      };
    case 'mp_fail':
      return { option: 'mp_fail', reserved, dsn: given.demand('dsn', 64) };
    case 'mp_fastclose':
      return { option: 'mp_fastclose', reserved, peerKey: given.demand('peer_key', 64) };
    case 'mp_tcprst':
      return { option: 'mp_tcprst', flags: given.number('flags', 4, 0), reason: given.number('reason', 8, 0) };
    case 'robe_esim_en':
      return { option: 'robe_esim_en', reserved };
    case 'mp_join_cap':
      return {
        option: 'mp_join_cap',
        reserved,
        addressId: given.number('address_id', 8, 0),
        key: given.demand('key', 64),
        mac: given.opaque('mac'),
      };
    case 'l_rtt_en':
      return lRtt(given);
    case 'mptcp_unknown':
      return {
        option: 'mptcp_unknown',
        subtype: given.number('subtype', 4, 0xf),
        nibble: given.number('nibble', 4, 0),
        data: given.opaque('data'),
      };
    case 'unknown':
      return { option: 'unknown', kind: given.number('kind', 8, 253), data: given.opaque('data') };
    default:
      throw new ExpressionError(`no option \`${name}\``);
  }
}

/** One option as the case wrote it, or its octets where the case spoils its length. */
export function composeOption(name: string, values: ReadonlyMap<string, Value>, context: OptionContext): TcpOption {
  const given = new Given(name, values);
  const option = rightOption(name, given, context);
  const length = given.big('length', 8);
  const lie = given.big('length_octet', 8);
  if (length === undefined && lie === undefined) return option;
  const padded = encodeOptions([option], context.subtypes);
  const right = padded.subarray(0, padded[1] ?? padded.length);
  const octets = new Uint8Array(length === undefined ? right.length : Number(length));
  octets.set(right.subarray(0, octets.length));
  if (octets.length > 1) octets[1] = Number(lie ?? length ?? 0n);
  return { option: 'raw', octets };
}
