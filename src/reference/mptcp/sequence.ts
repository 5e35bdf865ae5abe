/** 64-bit data sequence numbers (RFC 8684 section 3.3): modulo 2^64, and read from the short forms of DSS. */
export const dsnAdd = (dsn: bigint, octets: number): bigint => BigInt.asUintN(64, dsn + BigInt(octets));

/** Signed distance from `b` to `a`. */
export const dsnDiff = (a: bigint, b: bigint): bigint => BigInt.asIntN(64, a - b);

/**
 * The 64-bit number whose low half is `low` and that lies nearest to `near` (RFC8684-3.3-03: promotion across the 32-bit
 * wrap).
 */
export const dsnFromLow = (low: bigint, near: bigint): bigint => {
  const distance = BigInt.asIntN(32, low - BigInt.asUintN(32, near));
  return BigInt.asUintN(64, near + distance);
};
