/**
 * REMOVE_ADDR (RFC 8684 section 3.4.2): `30 | length | 4, reserved | address IDs`, one octet each and at least one.
 */
import { type Malformed, shortage } from '../bytes/malformed.js';
import { putUint8 } from '../bytes/octets.js';
import { nibbleOf, writeHead } from './head.js';
import type { RemoveAddr } from './option.js';
import { Subtype } from './subtype.js';

const Field = { addressIds: 3 } as const;

export const removeAddrLength = (option: RemoveAddr): number => Field.addressIds + option.addressIds.length;

export function writeRemoveAddr(option: RemoveAddr, into: Uint8Array, at: number, length: number): void {
  writeHead(into, at, length, Subtype.removeAddr, option.reserved);
  option.addressIds.forEach((id, i) => {
    putUint8(into, at + Field.addressIds + i, id);
  });
}

export function decodeRemoveAddr(octets: Uint8Array, at: number, length: number): RemoveAddr | Malformed {
  const missing = shortage('remove_addr/address_ids', at + Field.addressIds, at + length, 1);
  if (missing !== undefined) return missing;
  const addressIds = Array.from(octets.subarray(at + Field.addressIds, at + length));
  return { option: 'remove_addr', reserved: nibbleOf(octets, at), addressIds };
}
