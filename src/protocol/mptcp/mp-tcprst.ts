/**
 * MP_TCPRST (RFC 8684 section 3.6, v1 only, on a RST): `30 | 4 | 8, UVWT | reason`.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint8, uint8 } from '../bytes/octets.js';
import { nibbleOf, writeHead } from './head.js';
import type { MpTcpRst } from './option.js';
import { Subtype } from './subtype.js';

const Field = { reason: 3, end: 4 } as const;

export const mpTcpRstLength = Field.end;

export function writeMpTcpRst(option: MpTcpRst, into: Uint8Array, at: number, length: number): void {
  writeHead(into, at, length, Subtype.mpTcpRst, option.flags);
  putUint8(into, at + Field.reason, option.reason);
}

export function decodeMpTcpRst(octets: Uint8Array, at: number, length: number): MpTcpRst | Malformed {
  if (length !== Field.end) return wrongLength('mp_tcprst', at, length, [Field.end]);
  return { option: 'mp_tcprst', flags: nibbleOf(octets, at), reason: uint8(octets, at + Field.reason) };
}
