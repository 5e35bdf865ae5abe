/**
 * One captured frame as one line for people: number, seconds since the first frame, interface, direction, packet, comments.
 * Names and comments are whatever the writer of the capture wants a terminal to see, so they come out escaped.
 */
import type { CapturedFrame } from '../../net/capture/captured-frame.js';
import { decodeCaptured } from '../../net/capture/link-type.js';
import { printable } from '../../protocol/bytes/printable.js';
import type { DraftSubtypes } from '../../protocol/mptcp/option.js';
import { describePacket } from '../../protocol/wire/describe.js';

const second = 1_000_000_000n;

/** Nanoseconds as seconds with nine decimals; a time before the first frame is negative. */
export function seconds(nanoseconds: bigint): string {
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  return `${nanoseconds < 0n ? '-' : ''}${size / second}.${String(size % second).padStart(9, '0')}`;
}

const arrows = { inbound: '<', outbound: '>' } as const;

export function frameLine(number: number, frame: CapturedFrame, first: bigint, subtypes: DraftSubtypes): string {
  const where = frame.interfaceName === undefined ? '' : ` ${printable(frame.interfaceName)}`;
  const way = frame.direction === undefined ? '' : ` ${arrows[frame.direction]}`;
  const packet = describePacket(decodeCaptured(frame.linkType, frame.octets, subtypes));
  const comments = frame.comments.map((comment) => ` ; ${printable(comment.replaceAll('\n', ' '))}`).join('');
  return `${number} ${seconds(frame.at - first)}${where}${way} ${packet}${comments}`;
}
