/**
 * The conditions for any octets: decoding gives a packet; a TCP packet is encoded to its original octets; these decode to
 * the same options; and the packet can be described.
 */
import { equalOctets } from '../bytes/octets.js';
import { describePacket } from '../wire/describe.js';
import { decodeFrame, encodeArpFrame, encodeTcpFrame } from '../wire/frame.js';
import type { Packet } from '../wire/packet.js';

/** The violated condition, in words; undefined if all hold. The kind of packet is for the statistics. */
export function checkFrame(frame: Uint8Array): { readonly kind: Packet['kind']; readonly broken?: string } {
  const packet = decodeFrame(frame);
  const { kind } = packet;
  if (describePacket(packet).length === 0) return { kind, broken: 'the description is empty' };
  if (packet.kind !== 'tcp' && packet.kind !== 'arp') return { kind };
  const again = packet.kind === 'tcp' ? encodeTcpFrame(packet) : encodeArpFrame(packet);
  return equalOctets(again, frame) ? { kind } : { kind, broken: 'encoding gives other octets' };
}
