/**
 * Big-endian integers in octet arrays, without allocation. The caller has proved that the octets are there (decoders check
 * lengths once, before they read); a read after the end gives zeros, a write after the end is lost, neither throws.
 */

/** Shared, because an empty payload is the most frequent one. */
export const noOctets: Uint8Array = new Uint8Array(0);

const scratch = new DataView(new ArrayBuffer(8));

export const uint8 = (octets: Uint8Array, at: number): number => octets[at] ?? 0;

export const uint16 = (octets: Uint8Array, at: number): number => ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);

export const uint32 = (octets: Uint8Array, at: number): number =>
  (((octets[at] ?? 0) << 24) | ((octets[at + 1] ?? 0) << 16) | ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0)) >>>
  0;

/** Goes through a scratch view: composing with shifts would allocate three bigints instead of one. */
export function uint64(octets: Uint8Array, at: number): bigint {
  scratch.setUint32(0, uint32(octets, at));
  scratch.setUint32(4, uint32(octets, at + 4));
  return scratch.getBigUint64(0);
}

export function putUint8(into: Uint8Array, at: number, value: number): void {
  into[at] = value;
}

export function putUint16(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 8;
  into[at + 1] = value;
}

export function putUint32(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

export function putUint64(into: Uint8Array, at: number, value: bigint): void {
  scratch.setBigUint64(0, value);
  putUint32(into, at, scratch.getUint32(0));
  putUint32(into, at + 4, scratch.getUint32(4));
}

/** Copies all of `octets`; what would stand after the end of `into` is lost. A loop beats `set` for the few octets of an option. */
export function putOctets(into: Uint8Array, at: number, octets: Uint8Array): void {
  if (octets.length > 48 && at + octets.length <= into.length) {
    into.set(octets, at);
    return;
  }
  for (let i = 0; i < octets.length; i++) into[at + i] = octets[i] ?? 0;
}

/** The octets of an unsigned integer, most significant first, in exactly `width` octets; higher ones are dropped. */
export function bigEndian(value: bigint, width: number): Uint8Array {
  const octets = new Uint8Array(width);
  let rest = value;
  for (let i = width - 1; i >= 0; i--) {
    octets[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return octets;
}

/** The unsigned integer whose octets, most significant first, are these. */
export function fromBigEndian(octets: Uint8Array): bigint {
  let value = 0n;
  for (const octet of octets) value = (value << 8n) | BigInt(octet);
  return value;
}

export function equalOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
