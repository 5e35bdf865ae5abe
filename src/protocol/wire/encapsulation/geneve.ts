/**
 * GENEVE (RFC 8926 section 3.4), with options in words of four octets.
 *
 *      0                  1       2          4                    7          8
 *     +------------------+-------+----------+--------------------+----------+---------+
 *     | version, opt len | flags | protocol | network identifier | reserved | options |
 *     +------------------+-------+----------+--------------------+----------+---------+
 */
import { type Malformed, shortage } from '../../bytes/malformed.js';
import { uint8, uint16, uint32 } from '../../bytes/octets.js';
import { type Carried, carried, type Encapsulation } from './carried.js';

const Field = { versionLength: 0, protocol: 2, network: 4, options: 8 } as const;
const lengthMask = 0x3f;
const versionShift = 6;
const wordSize = 4;
const networkShift = 8;

function read(octets: Uint8Array, start: number, end: number): Carried | Malformed | undefined {
  const missing = shortage('geneve', start, end, Field.options);
  if (missing !== undefined) return missing;
  const versionLength = uint8(octets, start + Field.versionLength);
  if (versionLength >> versionShift !== 0) return undefined;
  const length = Field.options + (versionLength & lengthMask) * wordSize;
  return (
    shortage('geneve/options', start, end, length) ??
    carried('EtherType', uint16(octets, start + Field.protocol), start + length, end)
  );
}

export const geneveEncapsulation: Encapsulation = {
  header: 'geneve',
  read,
  fields: (octets, start) => ({ network: uint32(octets, start + Field.network) >>> networkShift }),
};
