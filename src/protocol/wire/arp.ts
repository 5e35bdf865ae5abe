/**
 * ARP for IPv4 over Ethernet (RFC 826): `hardware 1 | protocol 0x0800 | 6 | 4 | operation`, then both ends' addresses.
 */
import { type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, uint8, uint16 } from '../bytes/octets.js';
import { ipOctets, ipv4Size, ipv4Text, macOctets, macSize, macText } from './address.js';
import { EtherType } from './ethernet.js';
import type { Arp } from './packet.js';

const Field = {
  hardware: 0,
  protocol: 2,
  hardwareSize: 4,
  protocolSize: 5,
  operation: 6,
  senderMac: 8,
  senderIp: 14,
  targetMac: 18,
  targetIp: 24,
  end: 28,
} as const;

const ethernetHardware = 1;

export const arpLength: number = Field.end;

export function decodeArp(octets: Uint8Array, at: number): Arp | Malformed {
  const missing = shortage('arp', at, octets.length, Field.end);
  if (missing !== undefined) return missing;
  const isIpv4OverEthernet =
    uint16(octets, at + Field.hardware) === ethernetHardware &&
    uint16(octets, at + Field.protocol) === EtherType.ipv4 &&
    uint8(octets, at + Field.hardwareSize) === macSize &&
    uint8(octets, at + Field.protocolSize) === ipv4Size;
  if (!isIpv4OverEthernet) return malformed('arp', at, 'not IPv4 over Ethernet');
  return {
    operation: uint16(octets, at + Field.operation),
    senderMac: macText(octets, at + Field.senderMac),
    senderIp: ipv4Text(octets, at + Field.senderIp),
    targetMac: macText(octets, at + Field.targetMac),
    targetIp: ipv4Text(octets, at + Field.targetIp),
  };
}

export function writeArp(arp: Arp, into: Uint8Array, at: number): void {
  putUint16(into, at + Field.hardware, ethernetHardware);
  putUint16(into, at + Field.protocol, EtherType.ipv4);
  putUint8(into, at + Field.hardwareSize, macSize);
  putUint8(into, at + Field.protocolSize, ipv4Size);
  putUint16(into, at + Field.operation, arp.operation);
  putOctets(into, at + Field.senderMac, macOctets(arp.senderMac));
  putOctets(into, at + Field.senderIp, ipOctets(arp.senderIp));
  putOctets(into, at + Field.targetMac, macOctets(arp.targetMac));
  putOctets(into, at + Field.targetIp, ipOctets(arp.targetIp));
}
