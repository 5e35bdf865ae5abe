/**
 * UDP (RFC 768) as far as it carries other headers: `source port (2) | destination port (2) | length (2) | checksum (2)`. What
 * it carries is told by the port that it is sent to; those who use it for a tunnel answer to the same one.
 */
import { uint16 } from '../../bytes/octets.js';
import { type Carried, carried, type Encapsulation } from './carried.js';

const Field = { source: 0, destination: 2, length: 4, payload: 8 } as const;

function read(octets: Uint8Array, start: number, end: number): Carried | undefined {
  if (end - start < Field.payload) return undefined;
  const length = uint16(octets, start + Field.length);
  // Less than a header is what segmentation offload leaves of datagrams longer than the field can say.
  const payloadEnd = length < Field.payload ? end : Math.min(end, start + length);
  return carried('UDP port', uint16(octets, start + Field.destination), start + Field.payload, payloadEnd);
}

export const udpEncapsulation: Encapsulation = {
  header: 'udp',
  read,
  fields: (octets, start) => ({
    source: uint16(octets, start + Field.source),
    destination: uint16(octets, start + Field.destination),
  }),
};
