/**
 * One captured frame as one line for people: number, seconds since the first frame, interface, direction, the headers around
 * the packet, packet, comments.
 * Names and comments are whatever the writer of the capture wants a terminal to see, so they come out escaped.
 */
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { decodeCaptured, type UnwrappedHeader } from '../../net/capture/decode-captured.js';
import { printable } from '../../protocol/bytes/printable.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import { describePacket } from '../../protocol/wire/describe.js';
import type { Packet } from '../../protocol/wire/packet.js';

const second = 1_000_000_000n;

/** Nanoseconds as seconds with nine decimals; a time before the first frame is negative. */
export const seconds = (nanoseconds: bigint): string => {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  return `${nanoseconds < 0n ? '-' : ''}${size / second}.${String(size % second).padStart(9, '0')}`;
};

const arrows = { inbound: '<', outbound: '>' } as const;

export const frameLine = (number: number, frame: CapturedFrame, first: bigint, subtypes: DraftSubtypes): string => {
  const where = frame.interfaceName === undefined ? '' : ` ${printable(frame.interfaceName)}`;
  const way = frame.direction === undefined ? '' : ` ${arrows[frame.direction]}`;
  const { unwrapped, packet, unread } = decodeCaptured(frame.linkType, frame.octets, subtypes);
  const around = unwrapped.map((each) => `${headerText(each)}, `).join('');
  const inside = packet.kind === 'other' && unread !== undefined ? unreadText(packet, unread) : describePacket(packet);
  const comments = frame.comments.map((comment) => ` ; ${printable(comment.replaceAll('\n', ' '))}`).join('');
  return `${number} ${seconds(frame.at - first)}${where}${way} ${around}${inside}${comments}`;
};

/** `ipv4 10.0.0.1 > 10.0.0.2`, `udp 50000 > 4789`, `vlan id 7`. */
const headerText = ({ header, fields: { source, destination, ...others } }: UnwrappedHeader): string => {
  const ends = source === undefined ? [] : [`${source} > ${destination}`];
  return [header, ...ends, ...Object.entries(others).map(([name, value]) => `${name} ${value}`)].join(' ');
};

/** Ends of a datagram, where there is one, and what of it is not read. */
const unreadText = ({ ip }: Packet & { readonly kind: 'other' }, unread: string): string =>
  `${ip === undefined ? '' : `${ip.source} > ${ip.destination} `}not read: ${unread}`;
