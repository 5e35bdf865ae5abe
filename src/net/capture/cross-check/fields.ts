/**
 * The fields by which tshark and our decoder are compared: for each of tshark's names, our value. The names of option
 * fields are in the options' layouts. Names that only some versions of tshark know are left out, because tshark rejects a
 * request with an unknown name.
 *
 * Peculiarities of tshark 4.0:
 * - The key of MP_FASTCLOSE has the name of the receiver's key of MP_CAPABLE.
 * - The checksum of a DSS has no name; that of the first data of v1, in MP_CAPABLE, has one.
 * - The options of the RobE draft have none but their subtypes.
 * - It continues after the end of the option list, and decodes each zero there as another end.
 */
import { toHex } from '../../../protocol/bytes/hex.js';
import { fromBigEndian } from '../../../protocol/bytes/octets.js';
import type { FieldValue as LayoutValue } from '../../../protocol/layout/field.js';
import { fieldOf, formOfOption } from '../../../protocol/layout/layout.js';
import { isSet } from '../../../protocol/layout/places.js';
import { numberOf } from '../../../protocol/mptcp/codec.js';
import { defaultDraftSubtypes, isMptcp, mptcpLayoutOf } from '../../../protocol/mptcp/option.js';
import { ipv4Size, ipv4Text, ipv6Size, ipv6Text } from '../../../protocol/wire/address.js';
import type { Ip, Tcp } from '../../../protocol/wire/packet.js';
import { kindOf, layoutOf, optionLayouts, type TcpOption } from '../../../protocol/wire/tcp-option.js';

/** Numbers are compared as numbers, texts (addresses, octets in hex) as texts. */
export type FieldValue = number | bigint | string;

type Views<T, Many = never> = Readonly<Record<string, (of: T) => FieldValue | Many | undefined>>;

const ofIpv4: Views<Ip> = {
  'ip.src': (ip) => ip.source,
  'ip.dst': (ip) => ip.destination,
  'ip.dsfield': (ip) => ip.trafficClass,
  'ip.len': (ip) => ip.length,
  'ip.id': (ip) => ip.identification,
  'ip.ttl': (ip) => ip.ttl,
  'ip.proto': (ip) => ip.protocol,
  'ip.checksum': (ip) => ip.checksum,
  'ip.checksum.status': (ip) => (ip.checksumState === 'valid' ? 1 : 0),
};

const ofIpv6: Views<Ip> = {
  'ipv6.src': (ip) => ip.source,
  'ipv6.dst': (ip) => ip.destination,
  'ipv6.tclass': (ip) => ip.trafficClass,
  'ipv6.flow': (ip) => ip.flowLabel,
  'ipv6.plen': (ip) => ip.length,
  'ipv6.hlim': (ip) => ip.ttl,
};

const ofTcp: Views<Tcp> = {
  'tcp.srcport': (tcp) => tcp.sourcePort,
  'tcp.dstport': (tcp) => tcp.destinationPort,
  'tcp.seq_raw': (tcp) => tcp.seq,
  'tcp.ack_raw': (tcp) => tcp.ack,
  'tcp.hdr_len': (tcp) => tcp.dataOffset * 4,
  'tcp.flags': (tcp) => (tcp.reserved << 8) | tcp.flags,
  'tcp.window_size_value': (tcp) => tcp.window,
  'tcp.checksum': (tcp) => tcp.checksum,
  'tcp.checksum.status': (tcp) => (tcp.checksumState === 'valid' ? 1 : 0),
  'tcp.urgent_pointer': (tcp) => tcp.urgent,
  'tcp.len': (tcp) => tcp.payload.length,
};

/** Values that the layouts do not contain: the kind and subtype of every option, and addresses in tshark's notation. */
const ofOption: Views<TcpOption, readonly FieldValue[]> = {
  'tcp.option_kind': (o) => (o.option === 'eol' ? [0, ...o.padding] : kindOf(o)),
  'tcp.options.mptcp.subtype': subtypeOf,
  'tcp.options.mptcp.ipv4': (o) =>
    o.option === 'add_addr' && o.address.length === ipv4Size ? ipv4Text(o.address, 0) : undefined,
  'tcp.options.mptcp.ipv6': (o) =>
    o.option === 'add_addr' && o.address.length === ipv6Size ? ipv6Text(o.address, 0) : undefined,
};

/** Octets that tshark shows as one number have a field of its 64-bit kind. */
const longestNumber = 8;

function asTsharkShows(value: LayoutValue): FieldValue | readonly FieldValue[] {
  if (typeof value === 'boolean') return Number(value);
  if (!(value instanceof Uint8Array)) return value;
  return value.length <= longestNumber ? fromBigEndian(value) : toHex(value);
}

/** Values of one option under tshark's names for its fields. */
function named(option: TcpOption): readonly (readonly [field: string, value: FieldValue | readonly FieldValue[]])[] {
  const layout = layoutOf(option.option);
  const form = layout === undefined ? undefined : formOfOption(layout, option);
  const fields = (form?.fields ?? []).flatMap(([name, { tshark }]) => {
    const value = fieldOf(option, name);
    return tshark === undefined || value === undefined ? [] : [[tshark, asTsharkShows(value)] as const];
  });
  const flags = (form?.flags ?? []).flatMap((placed) =>
    placed.flag.tshark === undefined ? [] : [[placed.flag.tshark, Number(isSet(option, placed))] as const],
  );
  return [...fields, ...flags];
}

const namedFields: readonly string[] = [
  ...new Set(
    optionLayouts
      .flatMap(({ forms }) => forms)
      .flatMap(({ fields, flags }) => [
        ...fields.map(([, { tshark }]) => tshark),
        ...flags.map(({ flag }) => flag.tshark),
      ])
      .filter((name) => name !== undefined),
  ),
];

/** Every name that is requested from tshark. */
export const tsharkFieldNames: readonly string[] = [
  ...[ofIpv4, ofIpv6, ofTcp, ofOption].flatMap((views) => Object.keys(views)),
  ...namedFields,
];

/** Fields of a packet with our values, in the order in which they stand in it. */
export type OurFields = readonly (readonly [field: string, values: readonly FieldValue[]])[];

const list = (value: FieldValue | readonly FieldValue[] | undefined): readonly FieldValue[] =>
  value === undefined ? [] : typeof value === 'object' ? value : [value];

const seen = <T>(views: Views<T>, of: T): OurFields =>
  Object.entries(views).map(([field, view]) => [field, list(view(of))]);

export const headerFields = (ip: Ip, tcp: Tcp): OurFields => [
  ...seen(ip.version === 4 ? ofIpv4 : ofIpv6, ip),
  ...seen(ofTcp, tcp),
];

export function optionFields(options: readonly TcpOption[]): OurFields {
  const found = options.flatMap(named);
  return [
    ...Object.entries(ofOption).map(
      ([field, view]) => [field, options.flatMap((option) => list(view(option)))] as const,
    ),
    ...namedFields.map(
      (field) => [field, found.flatMap(([name, value]) => (name === field ? list(value) : []))] as const,
    ),
  ];
}

function subtypeOf(option: TcpOption): number | undefined {
  if (option.option === 'mptcp_unknown') return option.subtype;
  return isMptcp(option) ? numberOf(mptcpLayoutOf[option.option].subtype, defaultDraftSubtypes) : undefined;
}
