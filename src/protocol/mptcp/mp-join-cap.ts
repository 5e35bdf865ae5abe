/**
 * MP_JOIN_CAP (draft-amend-tcpm-mptcp-robe): the third segment of a potential initial flow that becomes a further subflow.
 *
 *      0    1        2                    3            4                                12
 *     +----+--------+---------+----------+------------+--------------------------------+-------------------+
 *     | 30 | length | subtype | reserved | address ID | Key-A of the elected flow      | MAC, 12 or more   |
 *     +----+--------+---------+----------+------------+--------------------------------+-------------------+
 *
 * The draft asks for a MAC of at least 96 bits, ten of which carry the fast hash of Key-B. It assigns no subtype, so that is
 * a parameter of a run.
 */
import { type Malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint64, uint8, uint64 } from '../bytes/octets.js';
import { long, number, octets as octetString, spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { nibbleOf, writeHead } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('mp_join_cap', {
  subtype: { parameter: 'joinCap', usual: 0xa },
  meaning: 'MP_JOIN_CAP (draft)',
  fields: {
    reserved: spare(4),
    addressId: number(8, 'Address ID', { usual: 0 }),
    key: long('Key-A of the elected initial flow'),
    mac: octetString({ least: 12 }, 'MAC with the fast hash in its low 10 bits', { usual: new Uint8Array(0) }),
  },
});

export type MpJoinCap = OptionOf<typeof layout>;

const Field = { addressId: 3, key: 4, mac: 12, leastEnd: 24 } as const;

const mpJoinCapLength = (option: MpJoinCap): number => Field.mac + option.mac.length;

function writeMpJoinCap(option: MpJoinCap, into: Uint8Array, at: number, subtype: number): number {
  const length = mpJoinCapLength(option);
  writeHead(into, at, length, subtype, option.reserved);
  putUint8(into, at + Field.addressId, option.addressId);
  putUint64(into, at + Field.key, option.key);
  putOctets(into, at + Field.mac, option.mac);
  return length;
}

/** The MAC is a view of `octets`. */
function decodeMpJoinCap(octets: Uint8Array, at: number, length: number): MpJoinCap | Malformed {
  const missing =
    shortage('mp_join_cap/key', at + Field.key, at + length, Field.mac - Field.key) ??
    shortage('mp_join_cap/mac', at + Field.mac, at + length, Field.leastEnd - Field.mac);
  if (missing !== undefined) return missing;
  return {
    option: 'mp_join_cap',
    reserved: nibbleOf(octets, at),
    addressId: uint8(octets, at + Field.addressId),
    key: uint64(octets, at + Field.key),
    mac: octets.subarray(at + Field.mac, at + length),
  };
}

export const mpJoinCap = byHand(layout, { length: mpJoinCapLength, write: writeMpJoinCap, decode: decodeMpJoinCap });
