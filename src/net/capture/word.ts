/** Integers of capture files, which have the byte order of the host that wrote them. */
import { uint16, uint32 } from '../../protocol/bytes/octets.js';

/** 32 bits in the byte order of a file or section. */
export const word = (octets: Uint8Array, at: number, littleEndian: boolean): number => {
  const value = uint32(octets, at);
  if (!littleEndian) return value;
  return ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
};

/** 16 bits in the byte order of a file or section. */
export const half = (octets: Uint8Array, at: number, littleEndian: boolean): number => {
  const value = uint16(octets, at);
  return littleEndian ? ((value & 0xff) << 8) | (value >> 8) : value;
};
