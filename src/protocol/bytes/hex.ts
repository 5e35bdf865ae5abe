/** Octets as lower-case hex digits and back: for people, tables and JSON, not for the fast path. */

export const toHex = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('hex');

/** Octets of hex digits; blanks and colons between them are allowed. Throws a RangeError on anything else. */
export function fromHex(digits: string): Uint8Array {
  const plain = digits.replace(/[\s:]/g, '');
  if (plain.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(plain)) throw new RangeError(`not pairs of hex digits: ${digits}`);
  return new Uint8Array(Buffer.from(plain, 'hex'));
}

/** `0x` and at least `digits` hex digits. */
export const hexNumber = (value: number | bigint, digits: number): string =>
  `0x${value.toString(16).padStart(digits, '0')}`;
