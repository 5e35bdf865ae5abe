/** Counting addresses inside a prefix, so that the layout of a run assigns each one once. Pure. */
import { ipOctets, ipv4Text, ipv6Text } from '../../protocol/wire/address.js';
import type { IpAddress } from '../../protocol/wire/packet.js';

const bitsPerOctet = 8;

interface Prefix {
  readonly octets: Uint8Array;
  readonly hostBits: bigint;
}

/** Throws a RangeError unless the text is an address, a slash and a length, with no bit set after the length. */
const parsePrefix = (prefix: string): Prefix => {
  const [address = '', length = ''] = prefix.split('/');
  const octets = ipOctets(address);
  const bits = octets.length * bitsPerOctet;
  if (!/^\d+$/.test(length) || Number(length) > bits) throw new RangeError(`not a prefix: ${prefix}`);
  const hostBits = BigInt(bits - Number(length));
  if ((toNumber(octets) & ((1n << hostBits) - 1n)) !== 0n) {
    throw new RangeError(`not a prefix: ${prefix} has bits set after its length`);
  }
  return { octets, hostBits };
};

/** How many addresses a prefix holds, its first and last included. */
export const prefixSize = (prefix: string): bigint => 1n << parsePrefix(prefix).hostBits;

/** The address `n` places after the prefix's own, in canonical form. Throws a RangeError when it lies outside. */
export const nthAddress = (prefix: string, n: number | bigint): IpAddress => {
  const { octets, hostBits } = parsePrefix(prefix);
  const offset = BigInt(n);
  if (offset < 0n || offset >= 1n << hostBits) throw new RangeError(`${prefix} has no address ${offset}`);
  return toAddress(toNumber(octets) + offset, octets.length);
};

/** Whether an address of either version lies in a prefix. */
export const inPrefix = (prefix: string, address: IpAddress): boolean => {
  const { octets, hostBits } = parsePrefix(prefix);
  const other = ipOctets(address);
  return other.length === octets.length && toNumber(other) >> hostBits === toNumber(octets) >> hostBits;
};

const toNumber = (octets: Uint8Array): bigint =>
  octets.reduce((number, octet) => (number << BigInt(bitsPerOctet)) | BigInt(octet), 0n);

const toAddress = (number: bigint, length: number): IpAddress => {
  const octets = new Uint8Array(length);
  let rest = number;
  for (let at = length - 1; at >= 0; at -= 1) {
    octets[at] = Number(rest & 0xffn);
    rest >>= BigInt(bitsPerOctet);
  }
  return length === 4 ? ipv4Text(octets, 0) : ipv6Text(octets, 0);
};
