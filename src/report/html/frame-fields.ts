/**
 * The octets of a frame, field by field: range, name and value of each field. Values are those of the decoder; the ranges
 * are computed here, so that a page can point at octets. Options have the names of the case language (`mp_capable.key`),
 * by which a finding speaks of them. Nibbles share their octet.
 */

import { countOctets } from '../../protocol/bytes/count-octets.js';
import { hexNumber, toHex } from '../../protocol/bytes/hex.js';
import { isMalformed } from '../../protocol/bytes/malformed.js';
import { type Fields, wordOf } from '../../protocol/layout/field.js';
import { headerPlaces } from '../../protocol/layout/header.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import { macText } from '../../protocol/wire/address.js';
import { vlanTag } from '../../protocol/wire/encapsulation/vlan.js';
import { EthernetField, ethernetHeader, ethernetPayload } from '../../protocol/wire/ethernet.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import { Ipv4Field, ipv4Header, ipv4HeaderLength } from '../../protocol/wire/ipv4.js';
import { Ipv6Field, ipv6Header } from '../../protocol/wire/ipv6.js';
import type { Ip, Tcp } from '../../protocol/wire/packet.js';
import { TcpField, tcpHeader } from '../../protocol/wire/tcp.js';
import { flagNames } from '../../protocol/wire/tcp-flags.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { optionLength } from '../../protocol/wire/tcp-options.js';
import type { FrameField } from './frame-field.js';
import { optionFields } from './option-fields.js';

/** Fields in order of their octets. A frame that is no TCP has only those of its Ethernet header. */
export const frameFields = (frame: Uint8Array, subtypes: DraftSubtypes): readonly FrameField[] => {
  const packet = decodeFrame(frame, subtypes);
  const link = ethernetFields(frame);
  if (packet.kind !== 'tcp') return link;
  const start = link.at(-1)?.to ?? 0;
  const { ip, tcp } = packet;
  const upper = start + ipHeaderLength(frame, start, ip);
  return [
    ...link,
    ...(ip.version === 4 ? ipv4Fields(start, upper, ip, frame) : ipv6Fields(start, upper, ip)),
    ...inPlaces(tcpHeader, upper, '', tcpValues(tcp)),
    ...tcpOptionFields(upper, tcp),
    ...payloadField(upper + tcp.dataOffset * wordSize, tcp),
  ];
};

/** The value of each field of a header. */
type Values<Header> = Readonly<Record<keyof Header, string | number>>;

/** The fields of a header that starts at an octet of the frame. */
const inPlaces = <Header extends Fields>(
  header: Header,
  start: number,
  prefix: string,
  values: Values<Header>,
): readonly FrameField[] =>
  headerPlaces(header).map(({ name, from, bits }) => ({
    from: start + Math.floor(from / 8),
    to: start + Math.ceil((from + bits) / 8),
    name: `${prefix}${wordOf(name)}`,
    value: String(values[name]),
  }));

/** The tags stand before the type. */
const ethernetFields = (frame: Uint8Array): readonly FrameField[] => {
  const network = ethernetPayload(frame, 0, frame.length);
  if (isMalformed(network)) return [];
  const tagsEnd = network.start - (EthernetField.end - EthernetField.etherType);
  const tags: FrameField[] = [];
  for (let from: number = EthernetField.etherType; from < tagsEnd; from += vlanTag.size) {
    const to = from + vlanTag.size;
    tags.push({ from, to, name: 'ethernet.tag', value: `0x${toHex(frame.subarray(from, to))}` });
  }
  const fields = inPlaces(ethernetHeader, 0, 'ethernet.', {
    destination: macText(frame, EthernetField.destination),
    source: macText(frame, EthernetField.source),
    etherType: hexNumber(network.etherType, 4),
  });
  const shift = network.start - EthernetField.end;
  return [
    ...fields.slice(0, -1),
    ...tags,
    ...fields.slice(-1).map(({ from, to, ...field }) => ({ from: from + shift, to: to + shift, ...field })),
  ];
};

const wordSize = 4;

const ipHeaderLength = (frame: Uint8Array, start: number, ip: Ip): number =>
  ip.version === 4 ? ipv4HeaderLength(frame, start) : Ipv6Field.end + (ip.extensions?.octets.length ?? 0);

const checked = (value: number, state: string | undefined): string =>
  `${hexNumber(value, 4)}${state === undefined ? '' : `, ${state}`}`;

const ipv4Fields = (start: number, end: number, ip: Ip, frame: Uint8Array): readonly FrameField[] => {
  const fixed = inPlaces(ipv4Header, start, 'ip.', {
    version: ip.version,
    headerLength: `${(end - start) / wordSize} words`,
    trafficClass: hexNumber(ip.trafficClass ?? 0, 2),
    length: ip.length,
    identification: hexNumber(ip.identification ?? 0, 4),
    fragment: hexNumber(ip.fragment ?? 0, 4),
    ttl: ip.ttl,
    protocol: ip.protocol,
    checksum: checked(ip.checksum ?? 0, ip.checksumState),
    source: ip.source,
    destination: ip.destination,
  });
  return [...fixed, ...rest('ip.options', start + Ipv4Field.end, frame.subarray(start + Ipv4Field.end, end))];
};

const ipv6Fields = (start: number, end: number, ip: Ip): readonly FrameField[] => {
  const fixed = inPlaces(ipv6Header, start, 'ip.', {
    version: ip.version,
    trafficClass: hexNumber(ip.trafficClass ?? 0, 2),
    flowLabel: hexNumber(ip.flowLabel ?? 0, 5),
    length: ip.length,
    nextHeader: ip.extensions?.first ?? ip.protocol,
    hopLimit: ip.ttl,
    source: ip.source,
    destination: ip.destination,
  });
  const extensions = ip.extensions?.octets ?? new Uint8Array(0);
  return [...fixed, ...rest('ip.extensions', end - extensions.length, extensions)];
};

/** What follows the fixed header, where something does. */
const rest = (name: string, from: number, octets: Uint8Array): readonly FrameField[] =>
  octets.length === 0 ? [] : [{ from, to: from + octets.length, name, value: toHex(octets) }];

const tcpValues = (tcp: Tcp): Values<typeof tcpHeader> => ({
  sourcePort: tcp.sourcePort,
  destinationPort: tcp.destinationPort,
  seq: tcp.seq,
  ack: tcp.ack,
  dataOffset: `${tcp.dataOffset} words`,
  reserved: hexNumber(tcp.reserved, 1),
  flags: `${hexNumber(tcp.flags, 2)} ${flagNames(tcp.flags)}`,
  window: tcp.window,
  checksum: checked(tcp.checksum, tcp.checksumState),
  urgent: tcp.urgent,
});

const tcpOptionFields = (start: number, tcp: Tcp): readonly FrameField[] => {
  let at = start + TcpField.end;
  return tcp.options.flatMap((option: TcpOption) => {
    const from = at;
    at += optionLength(option);
    return optionFields(option, from, at);
  });
};

const payloadField = (from: number, { payload }: Tcp): readonly FrameField[] => {
  if (payload.length === 0) return [];
  const value = `${countOctets(payload.length)}: ${toHex(payload.subarray(0, longestPayload))}${payload.length > longestPayload ? '…' : ''}`;
  return [{ from, to: from + payload.length, name: 'payload', value }];
};

const longestPayload = 64;
