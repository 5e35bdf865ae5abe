/**
 * MP_PRIO (RFC 8684 section 3.3.8, RFC 6824 section 3.3.8): `30 | length | 5, 000B`, in v0 optionally with an address ID.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint8, uint8 } from '../bytes/octets.js';
import { backupNibble, backupOf, reservedAboveBackup, writeHead } from './head.js';
import type { MpPrio } from './option.js';
import { Subtype } from './subtype.js';

const Field = { addressId: 3, end: 4 } as const;

export const mpPrioLength = (option: MpPrio): number => (option.addressId === undefined ? Field.addressId : Field.end);

export function writeMpPrio(option: MpPrio, into: Uint8Array, at: number, length: number): void {
  writeHead(into, at, length, Subtype.mpPrio, backupNibble(option.reserved, option.backup));
  if (option.addressId !== undefined) putUint8(into, at + Field.addressId, option.addressId);
}

export function decodeMpPrio(octets: Uint8Array, at: number, length: number): MpPrio | Malformed {
  if (length !== Field.addressId && length !== Field.end)
    return wrongLength('mp_prio', at, length, [Field.addressId, Field.end]);
  const plain = {
    option: 'mp_prio',
    backup: backupOf(octets, at),
    reserved: reservedAboveBackup(octets, at),
  } as const;
  return length === Field.end ? { ...plain, addressId: uint8(octets, at + Field.addressId) } : plain;
}
