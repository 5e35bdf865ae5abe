/**
 * MP_TCPRST (RFC 8684 section 3.6, v1 only, on a RST): `30 | 4 | 8, UVWT | reason`.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint8, uint8 } from '../bytes/octets.js';
import { flags, number } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { nibbleOf, writeHead } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('mp_tcprst', {
  subtype: 8,
  meaning: 'MP_TCPRST (v1)',
  fields: {
    flags: flags(4, 'flags UVWT', { U: { bit: 8 }, V: { bit: 4 }, W: { bit: 2 }, T: { bit: 1 } }),
    reason: number(8, 'reason code', { usual: 0, tshark: 'tcp.options.mptcp.rst_reason' }),
  },
});

export type MpTcpRst = OptionOf<typeof layout>;

const Field = { reason: 3, end: 4 } as const;

function writeMpTcpRst(option: MpTcpRst, into: Uint8Array, at: number, subtype: number): number {
  writeHead(into, at, Field.end, subtype, option.flags);
  putUint8(into, at + Field.reason, option.reason);
  return Field.end;
}

function decodeMpTcpRst(octets: Uint8Array, at: number, length: number): MpTcpRst | Malformed {
  if (length !== Field.end) return wrongLength('mp_tcprst', at, length, [Field.end]);
  return { option: 'mp_tcprst', flags: nibbleOf(octets, at), reason: uint8(octets, at + Field.reason) };
}

export const mpTcpRst = byHand(layout, { length: () => Field.end, write: writeMpTcpRst, decode: decodeMpTcpRst });
