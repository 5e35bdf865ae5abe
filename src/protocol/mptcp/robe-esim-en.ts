/**
 * ROBE_eSIM_EN (draft-amend-tcpm-mptcp-robe): `30 | 4 | subtype, twelve reserved bits`, next to MP_CAPABLE on SYN and
 * SYN/ACK. The draft assigns no subtype, so it is an argument.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { reserved12, writeHead12 } from './head.js';
import type { RobeEsimEn } from './option.js';

const Field = { end: 4 } as const;

export const robeEsimEnLength = Field.end;

export function writeRobeEsimEn(
  option: RobeEsimEn,
  into: Uint8Array,
  at: number,
  length: number,
  subtype: number,
): void {
  writeHead12(into, at, length, subtype, option.reserved);
}

export function decodeRobeEsimEn(octets: Uint8Array, at: number, length: number): RobeEsimEn | Malformed {
  if (length !== Field.end) return wrongLength('robe_esim_en', at, length, [Field.end]);
  return { option: 'robe_esim_en', reserved: reserved12(octets, at) };
}
