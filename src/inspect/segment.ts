/**
 * A captured TCP segment as the rules see it: who of the subflow sent it, where its payload stands in the sender's sequence
 * space, and how far the capture can be trusted about it.
 */
import type { Ip, Tcp, TcpPacket } from '../protocol/wire/packet.js';

/** The ends of a subflow: whoever sent the SYN, and whoever answered it. */
export type End = 'opener' | 'listener';

export const otherEnd = (end: End): End => (end === 'opener' ? 'listener' : 'opener');

export interface Segment {
  /** Counted from 1. */
  readonly frame: number;
  readonly sender: End;
  readonly tcp: Tcp;
  /** Octets of payload that the sender sent; more than `tcp.payload` holds when the frame was cut. */
  readonly payloadLength: number;
  /** Whether the frame holds the whole segment. */
  readonly whole: boolean;
}

const ipv4HeaderLength = 20;
const wordSize = 4;

/** Octets behind the TCP header by the length that the IP header states, or those captured where it states none. */
export function payloadLengthOf({ ip, tcp, defect }: TcpPacket): number {
  if (defect === undefined || ip.length === 0) return tcp.payload.length;
  return Math.max(tcp.payload.length, upperLayerLength(ip) - tcp.dataOffset * wordSize);
}

function upperLayerLength(ip: Ip): number {
  return ip.version === 4
    ? ip.length - ipv4HeaderLength - (ip.options?.length ?? 0)
    : ip.length - (ip.extensions?.octets.length ?? 0);
}
