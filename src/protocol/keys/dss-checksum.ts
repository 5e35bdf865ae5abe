/**
 * The checksum of a data sequence mapping (RFC 8684 section 3.3): the Internet checksum over a pseudo-header of DSN (64 bits,
 * also when the option carries 32), subflow sequence number, data-level length and 16 zero bits, and then the payload.
 */
import { putUint16, putUint32, putUint64 } from '../bytes/octets.js';
import { addWords, complement } from '../wire/checksum.js';

export interface DssMapping {
  readonly dsn: bigint;
  /** Relative to the subflow's SYN, which is 0; 1 for data next to MP_CAPABLE. */
  readonly ssn: number;
  readonly dataLength: number;
}

const Pseudo = { dsn: 0, ssn: 8, dataLength: 12, zeros: 14, end: 16 } as const;

export function dssChecksum(mapping: DssMapping, payload: Uint8Array): number {
  const pseudo = new Uint8Array(Pseudo.end);
  putUint64(pseudo, Pseudo.dsn, mapping.dsn);
  putUint32(pseudo, Pseudo.ssn, mapping.ssn);
  putUint16(pseudo, Pseudo.dataLength, mapping.dataLength);
  return complement(addWords(addWords(0, pseudo, 0, Pseudo.end), payload, 0, payload.length));
}
