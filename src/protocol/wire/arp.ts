/**
 * ARP for IPv4 over Ethernet (RFC 826): `hardware 1 | protocol 0x0800 | 6 | 4 | operation`, then both ends' addresses.
 */
import { type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint16, uint8, uint16 } from '../bytes/octets.js';
import { number, octets } from '../layout/field.js';
import { offsetsIn } from '../layout/header.js';
import { ipOctets, ipv4Size, ipv4Text, macOctets, macSize, macText } from './address.js';
import { EtherType } from './ethernet.js';
import type { Arp } from './packet.js';

const arpHeader = {
  hardware: number(16, 'hardware type'),
  protocol: number(16, 'protocol type'),
  hardwareSize: number(8, 'octets of a hardware address'),
  protocolSize: number(8, 'octets of a protocol address'),
  operation: number(16, 'operation'),
  senderMac: octets([macSize], 'hardware address of the sender'),
  senderIp: octets([ipv4Size], 'protocol address of the sender'),
  targetMac: octets([macSize], 'hardware address of the target'),
  targetIp: octets([ipv4Size], 'protocol address of the target'),
} as const;

export const ArpField = offsetsIn(arpHeader);

const ethernetHardware = 1;

export const arpLength: number = ArpField.end;

export function decodeArp(octets: Uint8Array, at: number): Arp | Malformed {
  const missing = shortage('arp', at, octets.length, ArpField.end);
  if (missing !== undefined) return missing;
  const isIpv4OverEthernet =
    uint16(octets, at + ArpField.hardware) === ethernetHardware &&
    uint16(octets, at + ArpField.protocol) === EtherType.ipv4 &&
    uint8(octets, at + ArpField.hardwareSize) === macSize &&
    uint8(octets, at + ArpField.protocolSize) === ipv4Size;
  if (!isIpv4OverEthernet) return malformed('arp', at, 'not IPv4 over Ethernet');
  return {
    operation: uint16(octets, at + ArpField.operation),
    senderMac: macText(octets, at + ArpField.senderMac),
    senderIp: ipv4Text(octets, at + ArpField.senderIp),
    targetMac: macText(octets, at + ArpField.targetMac),
    targetIp: ipv4Text(octets, at + ArpField.targetIp),
  };
}

export function writeArp(arp: Arp, into: Uint8Array, at: number): void {
  putUint16(into, at + ArpField.hardware, ethernetHardware);
  putUint16(into, at + ArpField.protocol, EtherType.ipv4);
  putUint8(into, at + ArpField.hardwareSize, macSize);
  putUint8(into, at + ArpField.protocolSize, ipv4Size);
  putUint16(into, at + ArpField.operation, arp.operation);
  putOctets(into, at + ArpField.senderMac, macOctets(arp.senderMac));
  putOctets(into, at + ArpField.senderIp, ipOctets(arp.senderIp));
  putOctets(into, at + ArpField.targetMac, macOctets(arp.targetMac));
  putOctets(into, at + ArpField.targetIp, ipOctets(arp.targetIp));
}
