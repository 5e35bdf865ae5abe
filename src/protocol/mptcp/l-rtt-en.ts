/**
 * L_RTT_EN (draft-amend-tcpm-mptcp-robe): `30 | length | subtype, twelve reserved bits | latest RTT`.
 * The draft's text gives the value 32 bits, its drawing can be read as 64 or 96; all three are read and written here.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { bigEndian, fromBigEndian, putOctets } from '../bytes/octets.js';
import { long, spare, width } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { reserved12, writeHead12 } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

const layout = mptcpOption('l_rtt_en', {
  subtype: { parameter: 'lRtt', usual: 0xb },
  meaning: 'L_RTT_EN (draft)',
  fields: {
    reserved: spare(12),
    rtt: long('latest RTT', { bits: 96, shown: 'decimal', usual: 0n }),
    octets: width('rtt', [4, 8, 12], 4),
  },
});

export type LRttEn = OptionOf<typeof layout>;

const Field = { rtt: 4 } as const;
const widths: readonly LRttEn['octets'][] = [4, 8, 12];

const lRttEnLength = (option: LRttEn): number => Field.rtt + option.octets;

function writeLRttEn(option: LRttEn, into: Uint8Array, at: number, subtype: number): number {
  const length = lRttEnLength(option);
  writeHead12(into, at, length, subtype, option.reserved);
  putOctets(into, at + Field.rtt, bigEndian(option.rtt, option.octets));
  return length;
}

function decodeLRttEn(octets: Uint8Array, at: number, length: number): LRttEn | Malformed {
  const width = widths.find((possible) => Field.rtt + possible === length);
  if (width === undefined)
    return wrongLength(
      'l_rtt_en',
      at,
      length,
      widths.map((possible) => Field.rtt + possible),
    );
  const rtt = fromBigEndian(octets.subarray(at + Field.rtt, at + length));
  return { option: 'l_rtt_en', reserved: reserved12(octets, at), rtt, octets: width };
}

export const lRttEn = byHand(layout, { length: lRttEnLength, write: writeLRttEn, decode: decodeLRttEn });
