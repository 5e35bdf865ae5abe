/**
 * The reset that a segment without a flow draws (RFC 9293 sections 3.5.2 and 3.10.7.1): built from that segment alone.
 */
import { type Tcp, TcpFlag } from '../../protocol/wire/packet.js';
import { hasFlag, segmentLength } from './flow.js';

/** Numbers and flags of a reset. */
export interface ResetForm {
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
}

/**
 * How a segment that meets no state is answered (RFC 9293-3.10.7-06): its own ACK gives the sequence number, else seq 0 and an
 * ACK of what it occupies. A reset is never answered.
 */
export const answerWithoutState = (segment: Tcp): ResetForm | undefined => {
  if (hasFlag(segment, TcpFlag.RST)) return undefined;
  if (hasFlag(segment, TcpFlag.ACK)) return { seq: segment.ack, ack: 0, flags: TcpFlag.RST };
  return { seq: 0, ack: (segment.seq + segmentLength(segment)) >>> 0, flags: TcpFlag.RST | TcpFlag.ACK };
};
