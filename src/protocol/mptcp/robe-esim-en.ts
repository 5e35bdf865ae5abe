/**
 * ROBE_eSIM_EN (draft-amend-tcpm-mptcp-robe): `30 | 4 | subtype, twelve reserved bits`, next to MP_CAPABLE on SYN and
 * SYN/ACK. The draft assigns no subtype, so it is a parameter of a run.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { reserved12, writeHead12 } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('robe_esim_en', {
  subtype: { parameter: 'esimEn', usual: 0x9 },
  meaning: 'ROBE_eSIM_EN (draft)',
  fields: { reserved: spare(12) },
});

type RobeEsimEn = OptionOf<typeof layout>;

const Field = { end: 4 } as const;

function writeRobeEsimEn(option: RobeEsimEn, into: Uint8Array, at: number, subtype: number): number {
  writeHead12(into, at, Field.end, subtype, option.reserved);
  return Field.end;
}

function decodeRobeEsimEn(octets: Uint8Array, at: number, length: number): RobeEsimEn | Malformed {
  if (length !== Field.end) return wrongLength('robe_esim_en', at, length, [Field.end]);
  return { option: 'robe_esim_en', reserved: reserved12(octets, at) };
}

export const robeEsimEn = byHand(layout, { length: () => Field.end, write: writeRobeEsimEn, decode: decodeRobeEsimEn });
