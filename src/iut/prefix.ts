/** IP prefixes in CIDR notation: membership and enumeration. Addresses come out in canonical form (RFC 5952 for IPv6). */
import ipaddr from 'ipaddr.js';

export const canonicalAddress = (address: string): string => {
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
};

export const containsAddress = (prefix: string, address: string): boolean => {
  const [base, length] = ipaddr.parseCIDR(prefix);
  const parsed = ipaddr.parse(address);
  return parsed.kind() === base.kind() && parsed.match(base, length);
};

/** The number of host addresses: without network and broadcast. */
export const hostCount = (prefix: string): bigint => {
  const [base, length] = ipaddr.parseCIDR(prefix);
  const bits = base.toByteArray().length * 8;
  const span = 1n << BigInt(bits - length);
  return span > 2n ? span - 2n : 0n;
};

/** Host `index` of a prefix, from 1. */
export const hostAddress = (prefix: string, index: bigint): string => {
  const [base, length] = ipaddr.parseCIDR(prefix);
  const octets = base.toByteArray();
  const bits = octets.length * 8;
  const span = 1n << BigInt(bits - length);
  const value = octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  const host = value - (value % span) + index;
  const written = octets.map((_, place) => Number((host >> BigInt(bits - 8 - place * 8)) & 0xffn));
  return canonicalAddress(ipaddr.fromByteArray(written).toString());
};

/** The first host address of a prefix that is not among those excepted. */
export const firstAddress = (prefix: string, except: ReadonlySet<string>): string => {
  let index = 1n;
  while (except.has(hostAddress(prefix, index))) index += 1n;
  return hostAddress(prefix, index);
};
