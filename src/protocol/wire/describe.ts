/**
 * Packets and options as one line for people. Names are the words of the case language, so that what is printed can be written
 * in a case.
 */

import { countOctets } from '../bytes/count-octets.js';
import { hexNumber, toHex } from '../bytes/hex.js';
import { describeByLayout, letters } from '../layout/text.js';
import type { Ip, Packet, Tcp } from './packet.js';
import { flagNames } from './tcp-flags.js';
import { layoutOf, type TcpOption } from './tcp-option.js';

/** ` name text` when there is a value, nothing otherwise. */
const field = <T>(name: string, value: T | undefined, text: (value: T) => string = String): string =>
  value === undefined ? '' : ` ${name} ${text(value)}`;

export function describeOption(option: TcpOption): string {
  switch (option.option) {
    case 'eol':
    case 'nop':
      return option.option;
    case 'sack':
      return `sack ${option.blocks.map(({ left, right }) => `${left}-${right}`).join(' ')}`;
    case 'malformed':
      return `malformed kind ${option.kind} ${toHex(option.octets)} (${option.malformed.path}: ${option.malformed.why})`;
    case 'raw':
      return `raw ${toHex(option.octets)}`;
    default: {
      const layout = layoutOf(option.option);
      return layout === undefined ? option.option : describeByLayout(layout, option);
    }
  }
}

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** Flags, numbers, length and options of a segment, without its addresses. */
function describeSegment(tcp: Tcp): string {
  const ack = flagNames(tcp.flags).includes('ACK') ? ` ack ${tcp.ack}` : '';
  const checksum = tcp.checksumState === 'valid' ? '' : ` checksum ${tcp.checksumState}`;
  const options = tcp.options
    .filter(({ option }) => option !== 'nop' && option !== 'eol')
    .map(describeOption)
    .join(', ');
  return `${flagNames(tcp.flags)} seq ${tcp.seq}${ack} win ${tcp.window} len ${tcp.payload.length}${checksum}${options === '' ? '' : ` [${options}]`}`;
}

const ends = (ip: Ip): string => `${ip.source} > ${ip.destination}`;

export function describePacket(packet: Packet): string {
  switch (packet.kind) {
    case 'tcp': {
      const { ip, tcp, defect } = packet;
      const flow = `${endpoint(ip.source, tcp.sourcePort)} > ${endpoint(ip.destination, tcp.destinationPort)}`;
      return `${flow} ${describeSegment(tcp)}${defect === undefined ? '' : ` (${defect.path}: ${defect.why})`}`;
    }
    case 'arp': {
      const { arp } = packet;
      if (arp.operation === 1) return `arp who has ${arp.targetIp}, tell ${arp.senderIp} at ${arp.senderMac}`;
      if (arp.operation === 2) return `arp ${arp.senderIp} is at ${arp.senderMac}`;
      return `arp operation ${arp.operation} from ${arp.senderIp} to ${arp.targetIp}`;
    }
    case 'nd': {
      const { ip, nd } = packet;
      return `${ends(ip)} neighbour ${nd.type} ${nd.target}${field('at', nd.linkLayer)}${nd.flags === 0 ? '' : ` flags ${letters(nd.flags, { R: 4, S: 2, O: 1 })}`}`;
    }
    case 'icmp':
      return `${ends(packet.ip)} icmp type ${packet.type} code ${packet.code}, ${countOctets(packet.body.length)}`;
    case 'other':
      return packet.ip === undefined
        ? `ethernet type ${hexNumber(packet.ethernet.etherType, 4)}`
        : `${ends(packet.ip)} protocol ${packet.ip.protocol}`;
    case 'malformed': {
      const { ip, malformed } = packet;
      return `${ip === undefined ? '' : `${ends(ip)} `}malformed at octet ${malformed.offset}, ${malformed.path}: ${malformed.why}`;
    }
  }
}
