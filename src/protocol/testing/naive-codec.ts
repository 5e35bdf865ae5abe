/**
 * A second encoder, written to be obviously correct instead of fast, and without code of the first: everything is a text
 * of hex digits, put together in the order of the RFCs' drawings; MPTCP's options by their layouts, slowly. Only fields
 * that are always given are supported.
 */
import { Buffer } from 'node:buffer';
import { layoutCodec } from '../layout/codec.js';
import { numberOf } from '../mptcp/codec.js';
import { defaultDraftSubtypes, type MptcpOption, mptcpLayoutOf } from '../mptcp/option.js';
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

function mptcpHex(o: MptcpOption): string {
  const layout = mptcpLayoutOf[o.option];
  const codec = layoutCodec(layout);
  const octets = new Uint8Array(codec.length(o));
  codec.write(o, octets, 0, numberOf(layout.subtype, defaultDraftSubtypes) ?? 0);
  return bytes(octets);
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
