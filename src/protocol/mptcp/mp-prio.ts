/**
 * MP_PRIO (RFC 8684 section 3.3.8, RFC 6824 section 3.3.8): `30 | length | 5, 000B`, in v0 optionally with an address ID.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint8, uint8 } from '../bytes/octets.js';
import { bit, number, optional, spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { backupNibble, backupOf, reservedAboveBackup, writeHead } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('mp_prio', {
  subtype: 5,
  meaning: 'MP_PRIO',
  fields: {
    reserved: spare(3),
    backup: bit('B bit', { usual: true }),
    addressId: optional(number(8, 'Address ID (v0)', { tshark: 'tcp.options.mptcp.addrid' })),
  },
});

export type MpPrio = OptionOf<typeof layout>;

const Field = { addressId: 3, end: 4 } as const;

const mpPrioLength = (option: MpPrio): number => (option.addressId === undefined ? Field.addressId : Field.end);

function writeMpPrio(option: MpPrio, into: Uint8Array, at: number, subtype: number): number {
  const length = mpPrioLength(option);
  writeHead(into, at, length, subtype, backupNibble(option.reserved, option.backup));
  if (option.addressId !== undefined) putUint8(into, at + Field.addressId, option.addressId);
  return length;
}

function decodeMpPrio(octets: Uint8Array, at: number, length: number): MpPrio | Malformed {
  if (length !== Field.addressId && length !== Field.end)
    return wrongLength('mp_prio', at, length, [Field.addressId, Field.end]);
  const plain = {
    option: 'mp_prio',
    backup: backupOf(octets, at),
    reserved: reservedAboveBackup(octets, at),
  } as const;
  return length === Field.end ? { ...plain, addressId: uint8(octets, at + Field.addressId) } : plain;
}

export const mpPrio = byHand(layout, { length: mpPrioLength, write: writeMpPrio, decode: decodeMpPrio });
