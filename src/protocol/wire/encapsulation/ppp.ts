/**
 * PPP (RFC 1661 section 2, RFC 1662 section 3.1): address 0xff and control 0x03, which may be left out, and a protocol number
 * of two octets, or of one where it is odd and compressed. Some captures have the direction in place of the address.
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16 } from '../../bytes/octets.js';
import { type Carried, carried, type Encapsulation, noFields } from './carried.js';

const Field = { address: 0, control: 1, framedProtocol: 2 } as const;
const allStations = 0xff;
const unnumbered = 0x03;
/** What stands in place of the address where a capture tells the direction (LINKTYPE_PPP_PPPD). */
const directions: readonly number[] = [0x00, 0x01];

export const PppProtocol = { ipv4: 0x0021, ipv6: 0x0057, mpls: 0x0281, mplsMulticast: 0x0283 } as const;

/** Reads the header at `start`: with address and control, with either, or with neither. */
function pppPayload(octets: Uint8Array, start: number, end: number): Carried | Malformed {
  const isFramed =
    uint8(octets, start + Field.address) === allStations && uint8(octets, start + Field.control) === unnumbered;
  return fromProtocol(octets, start + (isFramed ? Field.framedProtocol : 0), end);
}

/** The same where the first octet may be a direction, and address compression leaves out the rest. */
export function pppPayloadWithDirection(octets: Uint8Array, start: number, end: number): Carried | Malformed {
  const isDirected =
    directions.includes(uint8(octets, start + Field.address)) && uint8(octets, start + Field.control) === unnumbered;
  return isDirected ? fromProtocol(octets, start + Field.framedProtocol, end) : pppPayload(octets, start, end);
}

function fromProtocol(octets: Uint8Array, at: number, end: number): Carried | Malformed {
  const isCompressed = (uint8(octets, at) & 1) === 1;
  const payload = at + (isCompressed ? 1 : 2);
  return (
    shortage('ppp', at, end, payload - at) ??
    carried('PPP protocol', isCompressed ? uint8(octets, at) : uint16(octets, at), payload, end)
  );
}

export const pppEncapsulation: Encapsulation = { header: 'ppp', read: pppPayload, fields: () => noFields };
