/**
 * REMOVE_ADDR (RFC 8684 section 3.4.2): `30 | length | 4, reserved | address IDs`, one octet each and at least one.
 */
import { type Malformed, shortage } from '../bytes/malformed.js';
import { putUint8 } from '../bytes/octets.js';
import { list, spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { nibbleOf, writeHead } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('remove_addr', {
  subtype: 4,
  meaning: 'REMOVE_ADDR',
  fields: { reserved: spare(4), addressIds: list('Address IDs', { tshark: 'tcp.options.mptcp.addrid' }) },
});

export type RemoveAddr = OptionOf<typeof layout>;

const Field = { addressIds: 3 } as const;

const removeAddrLength = (option: RemoveAddr): number => Field.addressIds + option.addressIds.length;

function writeRemoveAddr(option: RemoveAddr, into: Uint8Array, at: number, subtype: number): number {
  const length = removeAddrLength(option);
  writeHead(into, at, length, subtype, option.reserved);
  option.addressIds.forEach((id, i) => {
    putUint8(into, at + Field.addressIds + i, id);
  });
  return length;
}

function decodeRemoveAddr(octets: Uint8Array, at: number, length: number): RemoveAddr | Malformed {
  const missing = shortage('remove_addr/address_ids', at + Field.addressIds, at + length, 1);
  if (missing !== undefined) return missing;
  const addressIds = Array.from(octets.subarray(at + Field.addressIds, at + length));
  return { option: 'remove_addr', reserved: nibbleOf(octets, at), addressIds };
}

export const removeAddr = byHand(layout, {
  length: removeAddrLength,
  write: writeRemoveAddr,
  decode: decodeRemoveAddr,
});
