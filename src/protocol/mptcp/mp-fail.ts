/**
 * MP_FAIL (RFC 8684 section 3.7): `30 | 12 | 6, twelve reserved bits | 64-bit DSN`.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint64, uint64 } from '../bytes/octets.js';
import { reserved12, writeHead12 } from './head.js';
import type { MpFail } from './option.js';
import { Subtype } from './subtype.js';

const Field = { dsn: 4, end: 12 } as const;

export const mpFailLength = Field.end;

export function writeMpFail(option: MpFail, into: Uint8Array, at: number, length: number): void {
  writeHead12(into, at, length, Subtype.mpFail, option.reserved);
  putUint64(into, at + Field.dsn, option.dsn);
}

export function decodeMpFail(octets: Uint8Array, at: number, length: number): MpFail | Malformed {
  if (length !== Field.end) return wrongLength('mp_fail', at, length, [Field.end]);
  return { option: 'mp_fail', reserved: reserved12(octets, at), dsn: uint64(octets, at + Field.dsn) };
}
