/**
 * The destination address of a frame as a map key, read without decoding the rest.
 *
 *     Ethernet: type at 12 · IPv4: destination at 14+16, 4 octets · IPv6: destination at 14+24, 16 octets
 */
import ipaddr from 'ipaddr.js';

const etherType = 12;
const ipv4 = { type: 0x0800, from: 30, to: 34 };
const ipv6 = { type: 0x86dd, from: 38, to: 54 };

/** The key of a frame's IP destination; undefined for frames of other kinds. */
export const destinationKey = (frame: Uint8Array): string | undefined => {
  const type = ((frame[etherType] ?? 0) << 8) | (frame[etherType + 1] ?? 0);
  const place = type === ipv4.type ? ipv4 : type === ipv6.type ? ipv6 : undefined;
  if (place === undefined || frame.length < place.to) return undefined;
  return keyOfOctets(frame.subarray(place.from, place.to));
};

export const keyOfAddress = (address: string): string => keyOfOctets(ipaddr.parse(address).toByteArray());

const keyOfOctets = (octets: ArrayLike<number>): string => {
  let key = '';
  for (let index = 0; index < octets.length; index += 1) key += String.fromCharCode(octets[index] ?? 0);
  return key;
};
