/**
 * Whom a frame is from and for, as map keys, read without decoding the rest. IPv4 and IPv6 are told apart by the key's
 * length. Offsets of addresses from the frame's first octet:
 *
 *     Ethernet: type at 12 · IPv4: source 26, destination 30 · IPv6: source 22, destination 38 · ARP: sender 28
 */
import ipaddr from 'ipaddr.js';

const etherType = 12;
const types = { ipv4: 0x0800, ipv6: 0x86dd, arp: 0x0806 };
const lengths = { ipv4: 4, ipv6: 16 };

/** The key of a frame's IP destination; undefined for frames of other kinds. */
export const destinationKey = (frame: Uint8Array): string | undefined => {
  switch (typeOf(frame)) {
    case types.ipv4:
      return keyAt(frame, 30, lengths.ipv4);
    case types.ipv6:
      return keyAt(frame, 38, lengths.ipv6);
    default:
      return undefined;
  }
};

/** The key of a frame's IP source or of the sender of an ARP message; undefined for frames of other kinds. */
export const sourceKey = (frame: Uint8Array): string | undefined => {
  switch (typeOf(frame)) {
    case types.ipv4:
      return keyAt(frame, 26, lengths.ipv4);
    case types.ipv6:
      return keyAt(frame, 22, lengths.ipv6);
    case types.arp:
      return keyAt(frame, 28, lengths.ipv4);
    default:
      return undefined;
  }
};

export const keyOfAddress = (address: string): string => keyOfOctets(ipaddr.parse(address).toByteArray());

const typeOf = (frame: Uint8Array): number => ((frame[etherType] ?? 0) << 8) | (frame[etherType + 1] ?? 0);

const keyAt = (frame: Uint8Array, from: number, length: number): string | undefined =>
  frame.length < from + length ? undefined : keyOfOctets(frame.subarray(from, from + length));

const keyOfOctets = (octets: ArrayLike<number>): string => {
  let key = '';
  for (let index = 0; index < octets.length; index += 1) key += String.fromCharCode(octets[index] ?? 0);
  return key;
};
