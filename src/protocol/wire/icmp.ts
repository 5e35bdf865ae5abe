/**
 * ICMP (RFC 792) and ICMPv6 (RFC 4443): `type | code | checksum | body`. The ICMPv6 checksum covers the pseudo-header.
 */
import { type Malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, uint8 } from '../bytes/octets.js';
import { addWords, complement } from './checksum.js';

const Field = { type: 0, code: 1, checksum: 2, body: 4 } as const;

export interface Icmp {
  readonly type: number;
  readonly code: number;
  /** Everything after the checksum. */
  readonly body: Uint8Array;
}

/** The body is a view of `octets`. */
export function decodeIcmp(octets: Uint8Array, at: number, end: number): Icmp | Malformed {
  return (
    shortage('icmp', at, end, Field.body) ?? {
      type: uint8(octets, at + Field.type),
      code: uint8(octets, at + Field.code),
      body: octets.subarray(at + Field.body, end),
    }
  );
}

export const icmpLength = (icmp: Icmp): number => Field.body + icmp.body.length;

/** `pseudo` is the pseudo-header's partial sum with the length for ICMPv6, 0 for ICMP. */
export function writeIcmp(icmp: Icmp, pseudo: number, into: Uint8Array, at: number): void {
  putUint8(into, at + Field.type, icmp.type);
  putUint8(into, at + Field.code, icmp.code);
  putUint16(into, at + Field.checksum, 0);
  putOctets(into, at + Field.body, icmp.body);
  putUint16(into, at + Field.checksum, complement(addWords(pseudo, into, at, at + icmpLength(icmp))));
}
