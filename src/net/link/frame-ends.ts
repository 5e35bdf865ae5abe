/**
 * Source and destination of a frame without tags, as map keys, read without decoding the rest. The key's length
 * distinguishes IPv4 and IPv6.
 */
import { uint16 } from '../../protocol/bytes/octets.js';
import { ipOctets, ipv4Size, ipv6Size } from '../../protocol/wire/address.js';
import { ArpField } from '../../protocol/wire/arp.js';
import { EthernetField, EtherType } from '../../protocol/wire/ethernet.js';
import { Ipv4Field } from '../../protocol/wire/ipv4.js';
import { Ipv6Field } from '../../protocol/wire/ipv6.js';

const network = EthernetField.end;

/** The key of a frame's IP destination; undefined for frames of other kinds. */
export const destinationKey = (frame: Uint8Array): string | undefined => {
  switch (typeOf(frame)) {
    case EtherType.ipv4:
      return keyAt(frame, network + Ipv4Field.destination, ipv4Size);
    case EtherType.ipv6:
      return keyAt(frame, network + Ipv6Field.destination, ipv6Size);
    default:
      return undefined;
  }
};

/** The key of a frame's IP source or of the sender of an ARP message; undefined for frames of other kinds. */
export const sourceKey = (frame: Uint8Array): string | undefined => {
  switch (typeOf(frame)) {
    case EtherType.ipv4:
      return keyAt(frame, network + Ipv4Field.source, ipv4Size);
    case EtherType.ipv6:
      return keyAt(frame, network + Ipv6Field.source, ipv6Size);
    case EtherType.arp:
      return keyAt(frame, network + ArpField.senderIp, ipv4Size);
    default:
      return undefined;
  }
};

export const keyOfAddress = (address: string): string => keyOfOctets(ipOctets(address));

const typeOf = (frame: Uint8Array): number => uint16(frame, EthernetField.etherType);

const keyAt = (frame: Uint8Array, from: number, length: number): string | undefined =>
  frame.length < from + length ? undefined : keyOfOctets(frame.subarray(from, from + length));

const keyOfOctets = (octets: ArrayLike<number>): string => {
  let key = '';
  for (let index = 0; index < octets.length; index += 1) key += String.fromCharCode(octets[index] ?? 0);
  return key;
};
