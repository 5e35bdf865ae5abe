/** What of a segment decides which MPTCP options may stand in it. */
import { TcpFlag } from './packet.js';

export interface SegmentContext {
  readonly syn: boolean;
  readonly ack: boolean;
  readonly rst: boolean;
  readonly hasPayload: boolean;
}

export const segmentContext = (tcp: { readonly flags: number; readonly payload: Uint8Array }): SegmentContext => ({
  syn: (tcp.flags & TcpFlag.SYN) !== 0,
  ack: (tcp.flags & TcpFlag.ACK) !== 0,
  rst: (tcp.flags & TcpFlag.RST) !== 0,
  hasPayload: tcp.payload.length > 0,
});
