/**
 * A second encoder, written for being obviously right instead of fast, and without a line of the first: everything is a text
 * of hex digits, put together in the order of the RFCs' drawings. Only fields that are always given are supported.
 */
import { Buffer } from 'node:buffer';
import type { MptcpOption } from '../mptcp/option.js';
import type { TcpDraft } from '../wire/packet.js';
import type { TcpOption } from '../wire/tcp-option.js';

/** An unsigned integer in so many octets. */
const int = (value: number | bigint | undefined, octets: number): string =>
  value === undefined
    ? ''
    : BigInt(value)
        .toString(16)
        .padStart(octets * 2, '0');

const bytes = (octets: Uint8Array | undefined): string =>
  octets === undefined ? '' : Buffer.from(octets).toString('hex');

/** Kind, length and body. */
const option = (kind: number, body: string): string => int(kind, 1) + int(2 + body.length / 2, 1) + body;

const mptcp = (subtype: number, nibble: number, body: string): string =>
  option(30, int(subtype * 16 + nibble, 1) + body);

/** Twelve reserved bits behind the subtype. */
const mptcp12 = (subtype: number, reserved: number, body: string): string =>
  mptcp(subtype, reserved >> 8, int(reserved & 0xff, 1) + body);

function mptcpHex(o: MptcpOption): string {
  switch (o.option) {
    case 'mp_capable':
      return mptcp(
        0,
        o.version,
        int(o.flags, 1) + int(o.key, 8) + int(o.peerKey, 8) + int(o.dataLength, 2) + int(o.checksum, 2),
      );
    case 'mp_join': {
      if (o.form === 'ack') return mptcp12(1, o.reserved, bytes(o.hmac));
      const nibble = o.reserved * 2 + (o.backup ? 1 : 0);
      const middle = o.form === 'syn' ? int(o.token, 4) : bytes(o.hmac);
      return mptcp(1, nibble, int(o.addressId, 1) + middle + int(o.nonce, 4));
    }
    case 'dss': {
      const [ack, dsn] = [o.flags & 2 ? 8 : 4, o.flags & 8 ? 8 : 4];
      const map = int(o.dsn, dsn) + int(o.ssn, 4) + int(o.dataLength, 2) + int(o.checksum, 2);
      return mptcp(2, o.reserved ?? 0, int(o.flags, 1) + int(o.ack, ack) + map);
    }
    case 'add_addr':
      return mptcp(3, o.nibble, int(o.addressId, 1) + bytes(o.address) + int(o.port, 2) + bytes(o.hmac));
    case 'remove_addr':
      return mptcp(4, o.reserved, o.addressIds.map((id) => int(id, 1)).join(''));
    case 'mp_prio':
      return mptcp(5, o.reserved * 2 + (o.backup ? 1 : 0), int(o.addressId, 1));
    case 'mp_fail':
      return mptcp12(6, o.reserved, int(o.dsn, 8));
    case 'mp_fastclose':
      return mptcp12(7, o.reserved, int(o.peerKey, 8));
    case 'mp_tcprst':
      return mptcp(8, o.flags, int(o.reason, 1));
    case 'robe_esim_en':
      return mptcp12(9, o.reserved, '');
    case 'mp_join_cap':
      return mptcp(10, o.reserved, int(o.addressId, 1) + int(o.key, 8) + bytes(o.mac));
    case 'l_rtt_en':
      return mptcp12(11, o.reserved, int(o.rtt, o.octets));
    case 'mptcp_unknown':
      return mptcp(o.subtype, o.nibble, bytes(o.data));
  }
}

function optionHex(o: TcpOption): string {
  switch (o.option) {
    case 'eol':
      return `00${bytes(o.padding)}`;
    case 'nop':
      return '01';
    case 'mss':
      return option(2, int(o.value, 2));
    case 'window_scale':
      return option(3, int(o.shift, 1));
    case 'sack_permitted':
      return option(4, '');
    case 'sack':
      return option(5, o.blocks.map(({ left, right }) => int(left, 4) + int(right, 4)).join(''));
    case 'timestamps':
      return option(8, int(o.value, 4) + int(o.echo, 4));
    case 'unknown':
      return option(o.kind, bytes(o.data));
    case 'malformed':
    case 'raw':
      return bytes(o.octets);
    default:
      return mptcpHex(o);
  }
}

/** Ones' complement checksum of hex digits, by adding words as the RFC says. */
function checksum(hex: string): string {
  let sum = 0;
  for (const word of hex.padEnd(Math.ceil(hex.length / 4) * 4, '0').match(/.{4}/g) ?? []) {
    sum += Number.parseInt(word, 16);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return int(0xffff - sum, 2);
}

/** An IPv4 address, or an IPv6 address in full form. */
const address = (text: string): string =>
  text.includes('.')
    ? text
        .split('.')
        .map((part) => int(Number(part), 1))
        .join('')
    : text
        .split(':')
        .map((part) => part.padStart(4, '0'))
        .join('');

/** The frame of a draft whose addresses are written out and which leaves checksums and lengths open. */
export function naiveFrame(draft: TcpDraft): string {
  const { ethernet, ip, tcp } = draft;
  const list = (tcp.options ?? []).map(optionHex).join('');
  const options = list.padEnd(Math.ceil(list.length / 8) * 8, '0');
  const payload = bytes(tcp.payload);
  const words = 5 + options.length / 8;
  const front = int(tcp.sourcePort, 2) + int(tcp.destinationPort, 2) + int(tcp.seq, 4) + int(tcp.ack ?? 0, 4);
  const middle = int(words * 16 + (tcp.reserved ?? 0), 1) + int(tcp.flags, 1) + int(tcp.window ?? 65535, 2);
  const back = int(tcp.urgent ?? 0, 2) + options + payload;
  const length = (front + middle + back).length / 2 + 2;
  const addresses = address(ip.source) + address(ip.destination);
  const sum = checksum(`${addresses}0006${int(length, 2)}${front}${middle}${back}`);
  const segment = front + middle + sum + back;
  const mac = (text: string): string => text.replaceAll(':', '');
  const link = mac(ethernet.destination) + mac(ethernet.source);
  if (ip.source.includes(':'))
    return `${link}86dd60000000${int(length, 2)}06${int(ip.ttl ?? 64, 1)}${addresses}${segment}`;
  const header = (sumOfHeader: string): string =>
    `4500${int(20 + length, 2)}${int(ip.identification ?? 0, 2)}4000${int(ip.ttl ?? 64, 1)}06${sumOfHeader}${addresses}`;
  return `${link}0800${header(checksum(header('')))}${segment}`;
}
