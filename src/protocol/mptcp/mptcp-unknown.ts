/** Kind 30 with a subtype that nobody has assigned: kept octet by octet, `30 | length | subtype, nibble | data`. */
import { putOctets } from '../bytes/octets.js';
import { nibbleOf, subtypeOf, writeHead } from './head.js';
import type { MptcpUnknown } from './option.js';

const Field = { data: 3 } as const;

export const mptcpUnknownLength = (option: MptcpUnknown): number => Field.data + option.data.length;

export function writeMptcpUnknown(option: MptcpUnknown, into: Uint8Array, at: number, length: number): void {
  writeHead(into, at, length, option.subtype, option.nibble);
  putOctets(into, at + Field.data, option.data);
}

/** The data is a view of `octets`. */
export function decodeMptcpUnknown(octets: Uint8Array, at: number, length: number): MptcpUnknown {
  return {
    option: 'mptcp_unknown',
    subtype: subtypeOf(octets, at),
    nibble: nibbleOf(octets, at),
    data: octets.subarray(at + Field.data, at + length),
  };
}
