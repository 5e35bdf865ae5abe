/**
 * MP_FASTCLOSE (RFC 8684 section 3.5): `30 | 12 | 7, twelve reserved bits | key of the option's receiver`.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint64, uint64 } from '../bytes/octets.js';
import { reserved12, writeHead12 } from './head.js';
import type { MpFastclose } from './option.js';
import { Subtype } from './subtype.js';

const Field = { peerKey: 4, end: 12 } as const;

export const mpFastcloseLength = Field.end;

export function writeMpFastclose(option: MpFastclose, into: Uint8Array, at: number, length: number): void {
  writeHead12(into, at, length, Subtype.mpFastclose, option.reserved);
  putUint64(into, at + Field.peerKey, option.peerKey);
}

export function decodeMpFastclose(octets: Uint8Array, at: number, length: number): MpFastclose | Malformed {
  if (length !== Field.end) return wrongLength('mp_fastclose', at, length, [Field.end]);
  const peerKey = uint64(octets, at + Field.peerKey);
  return { option: 'mp_fastclose', reserved: reserved12(octets, at), peerKey };
}
