/**
 * The octets of a frame, field by field: where each field stands, what it is called, and what it says. Values are those
 * of the decoder; the ranges are told here, so that a page can point at octets. Options have the names of the case
 * language (`mp_capable.key`), by which a finding speaks of them. Nibbles share their octet.
 */
import { hexNumber, toHex } from '../../protocol/bytes/hex.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import { decodeFrame } from '../../protocol/wire/frame.js';
import type { Ip, Tcp } from '../../protocol/wire/packet.js';
import { flagNames } from '../../protocol/wire/tcp-flags.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { optionLength } from '../../protocol/wire/tcp-options.js';
import type { FrameField } from './frame-field.js';
import { optionFields } from './option-fields.js';

const etherTypeAt = 12;
const tagSize = 4;
const vlanTags = new Set([0x8100, 0x88a8]);

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
    ...tcpFields(upper, tcp),
    ...tcpOptionFields(upper, tcp),
    ...payloadField(upper + tcp.dataOffset * wordSize, tcp),
  ];
};

const hexOf = (frame: Uint8Array, from: number, to: number): string => toHex(frame.subarray(from, to));

const macOf = (frame: Uint8Array, from: number): string => hexOf(frame, from, from + 6).replaceAll(/..(?=.)/g, '$&:');

const ethernetFields = (frame: Uint8Array): readonly FrameField[] => {
  const tags: FrameField[] = [];
  let at = etherTypeAt;
  while (vlanTags.has(((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0)) && at + tagSize < frame.length) {
    tags.push({ from: at, to: at + tagSize, name: 'ethernet.tag', value: `0x${hexOf(frame, at, at + tagSize)}` });
    at += tagSize;
  }
  const fields = [
    { from: 0, to: 6, name: 'ethernet.destination', value: macOf(frame, 0) },
    { from: 6, to: 12, name: 'ethernet.source', value: macOf(frame, 6) },
    ...tags,
    { from: at, to: at + 2, name: 'ethernet.type', value: `0x${hexOf(frame, at, at + 2)}` },
  ];
  return fields.filter(({ to }) => to <= frame.length);
};

const wordSize = 4;
const ipv6HeaderLength = 40;

const ipHeaderLength = (frame: Uint8Array, start: number, ip: Ip): number =>
  ip.version === 4 ? ((frame[start] ?? 0) & 0x0f) * wordSize : ipv6HeaderLength + (ip.extensions?.octets.length ?? 0);

/** Fields that stand one behind the other, as names with widths in octets. */
const inRow = (
  start: number,
  row: readonly (readonly [width: number, name: string, value: string | number])[],
): readonly FrameField[] => {
  let at = start;
  return row.map(([width, name, value]) => {
    const from = at;
    at += width;
    return { from, to: at, name, value: String(value) };
  });
};

const checked = (value: number, state: string | undefined): string =>
  `${hexNumber(value, 4)}${state === undefined ? '' : `, ${state}`}`;

/** RFC 791 section 3.1. */
const ipv4Fields = (start: number, end: number, ip: Ip, frame: Uint8Array): readonly FrameField[] => {
  const fixed = inRow(start, [
    [1, 'ip.version', `4, header of ${end - start} octets`],
    [1, 'ip.traffic_class', hexNumber(ip.trafficClass ?? 0, 2)],
    [2, 'ip.length', ip.length],
    [2, 'ip.identification', hexNumber(ip.identification ?? 0, 4)],
    [2, 'ip.fragment', hexNumber(ip.fragment ?? 0, 4)],
    [1, 'ip.ttl', ip.ttl],
    [1, 'ip.protocol', ip.protocol],
    [2, 'ip.checksum', checked(ip.checksum ?? 0, ip.checksumState)],
    [4, 'ip.source', ip.source],
    [4, 'ip.destination', ip.destination],
  ]);
  const behind = fixed.at(-1)?.to ?? end;
  return behind < end
    ? [...fixed, { from: behind, to: end, name: 'ip.options', value: hexOf(frame, behind, end) }]
    : fixed;
};

/** RFC 8200 section 3. */
const ipv6Fields = (start: number, end: number, ip: Ip): readonly FrameField[] => {
  const fixed = inRow(start, [
    [4, 'ip.version', `6, class ${hexNumber(ip.trafficClass ?? 0, 2)}, flow label ${hexNumber(ip.flowLabel ?? 0, 5)}`],
    [2, 'ip.length', ip.length],
    [1, 'ip.next_header', ip.extensions?.first ?? ip.protocol],
    [1, 'ip.hop_limit', ip.ttl],
    [16, 'ip.source', ip.source],
    [16, 'ip.destination', ip.destination],
  ]);
  const behind = fixed.at(-1)?.to ?? end;
  return behind < end
    ? [
        ...fixed,
        { from: behind, to: end, name: 'ip.extensions', value: toHex(ip.extensions?.octets ?? new Uint8Array(0)) },
      ]
    : fixed;
};

/** RFC 9293 section 3.1. */
const tcpFields = (start: number, tcp: Tcp): readonly FrameField[] => {
  const words = `${tcp.dataOffset} words`;
  return [
    ...inRow(start, [
      [2, 'source_port', tcp.sourcePort],
      [2, 'destination_port', tcp.destinationPort],
      [4, 'seq', tcp.seq],
      [4, 'ack', tcp.ack],
      [1, 'data_offset', tcp.reserved === 0 ? words : `${words}, reserved bits ${hexNumber(tcp.reserved, 1)}`],
      [1, 'flags', `${hexNumber(tcp.flags, 2)} ${flagNames(tcp.flags)}`],
      [2, 'window', tcp.window],
      [2, 'checksum', checked(tcp.checksum, tcp.checksumState)],
      [2, 'urgent', tcp.urgent],
    ]),
  ];
};

const fixedTcpHeader = 20;

const tcpOptionFields = (start: number, tcp: Tcp): readonly FrameField[] => {
  let at = start + fixedTcpHeader;
  return tcp.options.flatMap((option: TcpOption) => {
    const from = at;
    at += optionLength(option);
    return optionFields(option, from, at);
  });
};

const payloadField = (from: number, { payload }: Tcp): readonly FrameField[] => {
  if (payload.length === 0) return [];
  const value = `${payload.length} octets: ${toHex(payload.subarray(0, longestPayload))}${payload.length > longestPayload ? '…' : ''}`;
  return [{ from, to: from + payload.length, name: 'payload', value }];
};

const longestPayload = 64;
