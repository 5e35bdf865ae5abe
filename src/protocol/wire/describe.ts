/**
 * Packets and options as one line for people. Names are those of the records, so that what is printed can be searched for in
 * the code and written in a case; numbers stand as protocol analysers print them.
 */
import { hexNumber, toHex } from '../bytes/hex.js';
import { DssFlag, MpCapableFlag, type MptcpOption } from '../mptcp/option.js';
import type { Ip, Packet, Tcp } from './packet.js';
import { flagNames } from './tcp-flags.js';
import type { TcpOption } from './tcp-option.js';

/** The letters of the bits that are set, most significant first; `-` when none is. */
function letters(bits: number, names: Readonly<Record<string, number>>): string {
  const set = Object.entries(names).filter(([, bit]) => (bits & bit) !== 0);
  return set.length === 0 ? '-' : set.map(([name]) => name).join('');
}

const key = (value: bigint): string => hexNumber(value, 16);
const word = (value: number): string => hexNumber(value, 8);

/** ` name text` when there is a value, nothing otherwise. */
const field = <T>(name: string, value: T | undefined, text: (value: T) => string = String): string =>
  value === undefined ? '' : ` ${name} ${text(value)}`;

const reserved = (value: number | undefined): string => (value ? ` reserved ${hexNumber(value, 1)}` : '');
const backup = (value: boolean): string => (value ? ' backup' : '');

export function describeOption(option: TcpOption): string {
  switch (option.option) {
    case 'eol':
      return 'eol';
    case 'nop':
    case 'sack_permitted':
      return option.option;
    case 'mss':
      return `mss ${option.value}`;
    case 'window_scale':
      return `window_scale ${option.shift}`;
    case 'sack':
      return `sack ${option.blocks.map(({ left, right }) => `${left}-${right}`).join(' ')}`;
    case 'timestamps':
      return `timestamps ${option.value} echo ${option.echo}`;
    case 'unknown':
      return `unknown kind ${option.kind} ${toHex(option.data)}`;
    case 'malformed':
      return `malformed kind ${option.kind} ${toHex(option.octets)} (${option.malformed.path}: ${option.malformed.why})`;
    case 'raw':
      return `raw ${toHex(option.octets)}`;
    default:
      return describeMptcp(option);
  }
}

function describeMptcp(option: MptcpOption): string {
  switch (option.option) {
    case 'mp_capable':
      return (
        `mp_capable v${option.version} ${letters(option.flags, MpCapableFlag)}` +
        field('key', option.key, key) +
        field('receiver_key', option.peerKey, key) +
        field('length', option.dataLength) +
        field('checksum', option.checksum, (value) => hexNumber(value, 4))
      );
    case 'mp_join':
      return describeJoin(option);
    case 'dss':
      return (
        `dss ${letters(option.flags, DssFlag)}${reserved(option.reserved)}` +
        field('ack', option.ack, (value) => hexNumber(value, 8)) +
        field('dsn', option.dsn, (value) => hexNumber(value, 8)) +
        field('subflow_seq', option.ssn) +
        field('length', option.dataLength) +
        field('checksum', option.checksum, (value) => hexNumber(value, 4))
      );
    case 'add_addr':
      return (
        `add_addr id ${option.addressId} nibble ${option.nibble} address ${toHex(option.address)}` +
        field('port', option.port) +
        field('hmac', option.hmac, toHex)
      );
    case 'remove_addr':
      return `remove_addr ids ${option.addressIds.join(',')}${reserved(option.reserved)}`;
    case 'mp_prio':
      return `mp_prio${backup(option.backup)}${reserved(option.reserved)}${field('id', option.addressId)}`;
    case 'mp_fail':
      return `mp_fail dsn ${key(option.dsn)}${reserved(option.reserved)}`;
    case 'mp_fastclose':
      return `mp_fastclose receiver_key ${key(option.peerKey)}${reserved(option.reserved)}`;
    case 'mp_tcprst':
      return `mp_tcprst reason ${option.reason} flags ${hexNumber(option.flags, 1)}`;
    case 'robe_esim_en':
      return `robe_esim_en${reserved(option.reserved)}`;
    case 'mp_join_cap':
      return `mp_join_cap id ${option.addressId} key ${key(option.key)} mac ${toHex(option.mac)}${reserved(option.reserved)}`;
    case 'l_rtt_en':
      return `l_rtt_en ${option.rtt} in ${option.octets} octets${reserved(option.reserved)}`;
    case 'mptcp_unknown':
      return `mptcp_unknown subtype ${hexNumber(option.subtype, 1)} nibble ${hexNumber(option.nibble, 1)} ${toHex(option.data)}`;
  }
}

function describeJoin(option: Extract<MptcpOption, { option: 'mp_join' }>): string {
  switch (option.form) {
    case 'syn':
      return `mp_join syn id ${option.addressId} token ${word(option.token)} nonce ${word(option.nonce)}${backup(option.backup)}${reserved(option.reserved)}`;
    case 'syn/ack':
      return `mp_join syn/ack id ${option.addressId} hmac ${toHex(option.hmac)} nonce ${word(option.nonce)}${backup(option.backup)}${reserved(option.reserved)}`;
    case 'ack':
      return `mp_join ack hmac ${toHex(option.hmac)}${reserved(option.reserved)}`;
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
      return `${ends(packet.ip)} icmp type ${packet.type} code ${packet.code}, ${packet.body.length} octets`;
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
