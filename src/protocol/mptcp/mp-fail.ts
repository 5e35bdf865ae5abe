/**
 * MP_FAIL (RFC 8684 section 3.7): `30 | 12 | 6, twelve reserved bits | 64-bit DSN`.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint64, uint64 } from '../bytes/octets.js';
import { long, spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { reserved12, writeHead12 } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('mp_fail', {
  subtype: 6,
  meaning: 'MP_FAIL',
  fields: { reserved: spare(12), dsn: long('data sequence number', { tshark: 'tcp.options.mptcp.rawdataseqno' }) },
});

type MpFail = OptionOf<typeof layout>;

const Field = { dsn: 4, end: 12 } as const;

function writeMpFail(option: MpFail, into: Uint8Array, at: number, subtype: number): number {
  writeHead12(into, at, Field.end, subtype, option.reserved);
  putUint64(into, at + Field.dsn, option.dsn);
  return Field.end;
}

function decodeMpFail(octets: Uint8Array, at: number, length: number): MpFail | Malformed {
  if (length !== Field.end) return wrongLength('mp_fail', at, length, [Field.end]);
  return { option: 'mp_fail', reserved: reserved12(octets, at), dsn: uint64(octets, at + Field.dsn) };
}

export const mpFail = byHand(layout, { length: () => Field.end, write: writeMpFail, decode: decodeMpFail });
