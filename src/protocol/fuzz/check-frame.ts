/**
 * What must hold for any octets whatever: decoding gives a packet; a TCP packet is encoded to the octets it came from; what
 * is encoded again decodes to the same options; and it can be described.
 */
import { equalOctets } from '../bytes/octets.js';
import { describePacket } from '../wire/describe.js';
import { decodeFrame, encodeArpFrame, encodeTcpFrame } from '../wire/frame.js';
import type { Packet } from '../wire/packet.js';

/** What does not hold, in words; undefined when all does. The kind of packet is told for the statistics. */
export function checkFrame(frame: Uint8Array): { readonly kind: Packet['kind']; readonly broken?: string } {
  const packet = decodeFrame(frame);
  const { kind } = packet;
  if (describePacket(packet).length === 0) return { kind, broken: 'the description is empty' };
  if (packet.kind !== 'tcp' && packet.kind !== 'arp') return { kind };
  const again = packet.kind === 'tcp' ? encodeTcpFrame(packet) : encodeArpFrame(packet);
  return equalOctets(again, frame) ? { kind } : { kind, broken: 'encoding gives other octets' };
}
