/**
 * MP_JOIN (RFC 6824 and RFC 8684, section 3.2): three layouts, distinguished only by their length. The receiver, not the
 * codec, checks whether the length fits the segment that carries it.
 *
 *                0     1     2           3           4                 8          12         24
 *     SYN       | 30 | 12 | 1 | 000B | address ID | receiver's token | nonce    |
 *     SYN/ACK   | 30 | 16 | 1 | 000B | address ID | HMAC, leftmost 64 bits      | nonce    | (16)
 *     ACK       | 30 | 24 | 1 |     reserved      | HMAC, leftmost 160 bits                | (24)
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putOctets, putUint8, putUint32, uint8, uint32 } from '../bytes/octets.js';
import { bit, number, octets as octetString, opaque, spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { backupNibble, backupOf, reserved12, reservedAboveBackup, writeHead, writeHead12 } from './head.js';
import { byHand, mptcpOptionOfForms } from './mptcp-option.js';

const addressId = number(8, 'Address ID', { usual: 0, tshark: 'tcp.options.mptcp.addrid' });
const token = opaque(32, "receiver's token", { tshark: 'tcp.options.mptcp.recvtok' });
const nonce = opaque(32, "sender's nonce", { tshark: 'tcp.options.mptcp.sendrand' });
const half = octetString([8], 'HMAC, leftmost 64 bits', { tshark: 'tcp.options.mptcp.sendtrunchmac' });
const whole = octetString([20], 'HMAC, leftmost 160 bits', { tshark: 'tcp.options.mptcp.sendhmac' });

const layout = mptcpOptionOfForms('mp_join', {
  subtype: 1,
  meaning: 'MP_JOIN; the segment decides its form',
  forms: {
    syn: { reserved: spare(3), backup: bit('B bit'), addressId, token, nonce },
    'syn/ack': { reserved: spare(3), backup: bit('B bit'), addressId, hmac: half, nonce },
    ack: { reserved: spare(12), hmac: whole },
  },
});

type MpJoin = OptionOf<typeof layout>;
export type MpJoinSyn = Extract<MpJoin, { readonly form: 'syn' }>;
export type MpJoinSynAck = Extract<MpJoin, { readonly form: 'syn/ack' }>;
export type MpJoinAck = Extract<MpJoin, { readonly form: 'ack' }>;

const Syn = { addressId: 3, token: 4, nonce: 8, end: 12 } as const;
const SynAck = { addressId: 3, hmac: 4, nonce: 12, end: 16 } as const;
const Ack = { hmac: 4, end: 24 } as const;

/** The HMAC is written as long as it is given, so that a wrong length can be sent. */
function mpJoinLength(option: MpJoin): number {
  switch (option.form) {
    case 'syn':
      return Syn.end;
    case 'syn/ack':
      return SynAck.hmac + option.hmac.length + (SynAck.end - SynAck.nonce);
    case 'ack':
      return Ack.hmac + option.hmac.length;
  }
}

function writeMpJoin(option: MpJoin, into: Uint8Array, at: number, subtype: number): number {
  const length = mpJoinLength(option);
  switch (option.form) {
    case 'syn':
      writeHead(into, at, length, subtype, backupNibble(option.reserved, option.backup));
      putUint8(into, at + Syn.addressId, option.addressId);
      putUint32(into, at + Syn.token, option.token);
      putUint32(into, at + Syn.nonce, option.nonce);
      return length;
    case 'syn/ack':
      writeHead(into, at, length, subtype, backupNibble(option.reserved, option.backup));
      putUint8(into, at + SynAck.addressId, option.addressId);
      putOctets(into, at + SynAck.hmac, option.hmac);
      putUint32(into, at + SynAck.hmac + option.hmac.length, option.nonce);
      return length;
    case 'ack':
      writeHead12(into, at, length, subtype, option.reserved);
      putOctets(into, at + Ack.hmac, option.hmac);
      return length;
  }
}

/** The HMAC is a view of `octets`. */
function decodeMpJoin(octets: Uint8Array, at: number, length: number): MpJoin | Malformed {
  switch (length) {
    case Syn.end:
      return {
        option: 'mp_join',
        form: 'syn',
        backup: backupOf(octets, at),
        reserved: reservedAboveBackup(octets, at),
        addressId: uint8(octets, at + Syn.addressId),
        token: uint32(octets, at + Syn.token),
        nonce: uint32(octets, at + Syn.nonce),
      };
    case SynAck.end:
      return {
        option: 'mp_join',
        form: 'syn/ack',
        backup: backupOf(octets, at),
        reserved: reservedAboveBackup(octets, at),
        addressId: uint8(octets, at + SynAck.addressId),
        hmac: octets.subarray(at + SynAck.hmac, at + SynAck.nonce),
        nonce: uint32(octets, at + SynAck.nonce),
      };
    case Ack.end:
      return {
        option: 'mp_join',
        form: 'ack',
        reserved: reserved12(octets, at),
        hmac: octets.subarray(at + Ack.hmac, at + Ack.end),
      };
    default:
      return wrongLength('mp_join', at, length, [Syn.end, SynAck.end, Ack.end]);
  }
}

export const mpJoin = byHand(layout, { length: mpJoinLength, write: writeMpJoin, decode: decodeMpJoin });
