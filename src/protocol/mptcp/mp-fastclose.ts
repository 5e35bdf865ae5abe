/**
 * MP_FASTCLOSE (RFC 8684 section 3.5): `30 | 12 | 7, twelve reserved bits | key of the option's receiver`.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint64, uint64 } from '../bytes/octets.js';
import { long, spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { reserved12, writeHead12 } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('mp_fastclose', {
  subtype: 7,
  meaning: 'MP_FASTCLOSE',
  fields: { reserved: spare(12), peerKey: long("the option receiver's key", { tshark: 'tcp.options.mptcp.recvkey' }) },
});

export type MpFastclose = OptionOf<typeof layout>;

const Field = { peerKey: 4, end: 12 } as const;

function writeMpFastclose(option: MpFastclose, into: Uint8Array, at: number, subtype: number): number {
  writeHead12(into, at, Field.end, subtype, option.reserved);
  putUint64(into, at + Field.peerKey, option.peerKey);
  return Field.end;
}

function decodeMpFastclose(octets: Uint8Array, at: number, length: number): MpFastclose | Malformed {
  if (length !== Field.end) return wrongLength('mp_fastclose', at, length, [Field.end]);
  const peerKey = uint64(octets, at + Field.peerKey);
  return { option: 'mp_fastclose', reserved: reserved12(octets, at), peerKey };
}

export const mpFastclose = byHand(layout, {
  length: () => Field.end,
  write: writeMpFastclose,
  decode: decodeMpFastclose,
});
