/**
 * One captured frame as one JSON object: `number`, `time` (seconds since 1970, as text, because a number would lose
 * nanoseconds), the headers, and the TCP options each with kind, name and octets, and either value or the reason why there is
 * none. 64-bit fields are `0x…` texts, octets are hex digits.
 */
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { decodeCaptured } from '../../net/capture/decode-captured.js';
import { LinkType } from '../../net/capture/link/link-type.js';
import { hexNumber, toHex } from '../../protocol/bytes/hex.js';
import { uint8 } from '../../protocol/bytes/octets.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import type { Packet, Tcp } from '../../protocol/wire/packet.js';
import { flagNames } from '../../protocol/wire/tcp-flags.js';
import type { TcpOption } from '../../protocol/wire/tcp-option.js';
import { encodeOption } from '../../protocol/wire/tcp-options.js';
import { seconds } from './frame-line.js';

export const frameJson = (number: number, frame: CapturedFrame, subtypes: DraftSubtypes): string => {
  const { unwrapped, packet, unread } = decodeCaptured(frame.linkType, frame.octets, subtypes);
  const { interfaceName, direction, comments, originalLength, octets } = frame;
  const record = {
    number,
    time: seconds(frame.at),
    interface: interfaceName,
    direction,
    comments: comments.length === 0 ? undefined : comments,
    captured: octets.length,
    length: originalLength,
    unwrapped: unwrapped.length === 0 ? undefined : unwrapped.map(({ header, fields }) => ({ header, ...fields })),
    ...packetFields(packet, subtypes),
    unread,
    // Only Ethernet has these addresses; after other link headers the decoder fills in zeros.
    ...(frame.linkType === LinkType.ethernet ? {} : { ethernet: undefined }),
  };
  // A terminal obeys DEL and the controls above it; JSON need not escape them, and may.
  return JSON.stringify(record, (_, value: unknown) => plain(value)).replace(
    /[\u007f-\u009f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
};

/** What JSON has no form for: 64-bit integers and octets. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return hexNumber(value, 16);
  return value instanceof Uint8Array ? toHex(value) : value;
};

const packetFields = (packet: Packet, subtypes: DraftSubtypes): object => {
  if (packet.kind !== 'tcp') return packet;
  const { kind, ethernet, ip, tcp, defect } = packet;
  return { kind, ethernet, ip, tcp: tcpFields(tcp), options: optionFields(tcp.options, subtypes), defect };
};

const tcpFields = ({ options: _, ...tcp }: Tcp): object => ({ ...tcp, flagNames: flagNames(tcp.flags) });

const optionFields = (options: readonly TcpOption[], subtypes: DraftSubtypes): readonly object[] =>
  options.map((option) => {
    const octets = encodeOption(option, subtypes);
    const head = { kind: uint8(octets, 0), name: option.option, hex: toHex(octets) };
    if (option.option === 'malformed') return { ...head, malformed: option.malformed };
    const { option: _, ...value } = option;
    return { ...head, value };
  });
