/**
 * MP_CAPABLE (RFC 6824 and RFC 8684, section 3.1).
 *
 *      0       1       2         3       4            12             20      22
 *     +-------+-------+---------+-------+------------+--------------+-------+----------+
 *     | 30    | length| 0 | vers| flags | sender key | receiver key | length| checksum |
 *     +-------+-------+---------+-------+------------+--------------+-------+----------+
 *
 * The option ends after any of the fields from `flags` on. Which ends exist depends on the version: a v0 option always has
 * the sender's key and never a data-level length. A length that its version does not define decodes to Malformed and
 * thereby stays visible; RFC 8684 section 3.1 has a receiver treat it as absent.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint8, putUint16, putUint64, uint8, uint16, uint64 } from '../bytes/octets.js';
import { flags, long, number, opaque, optional } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { nibbleOf, writeHead } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

/** MP_CAPABLE flag bits (octet 3): RFC 8684 section 3.1, RFC 6824 section 3.1. */
export const MpCapableFlag = { A: 0x80, B: 0x40, C: 0x20, D: 0x10, E: 0x08, F: 0x04, G: 0x02, H: 0x01 } as const;

const layout = mptcpOption('mp_capable', {
  subtype: 0,
  meaning: 'MP_CAPABLE; the fields present decide its length',
  fields: {
    version: number(4, 'version nibble', { usual: 1, tshark: 'tcp.options.mptcp.version' }),
    flags: flags(8, 'the whole flag octet', {
      A: { bit: MpCapableFlag.A, word: 'a', meaning: 'checksum required' },
      B: { bit: MpCapableFlag.B, word: 'b', meaning: 'extensibility' },
      C: { bit: MpCapableFlag.C, word: 'c', meaning: 'no further subflows to this address and port' },
      D: { bit: MpCapableFlag.D },
      E: { bit: MpCapableFlag.E },
      F: { bit: MpCapableFlag.F },
      G: { bit: MpCapableFlag.G },
      H: { bit: MpCapableFlag.H, word: 'h', meaning: 'HMAC algorithm of the version', usual: true },
    }),
    key: optional(long("sender's key", { tshark: 'tcp.options.mptcp.sendkey' })),
    peerKey: optional(long("receiver's key", { tshark: 'tcp.options.mptcp.recvkey' })),
    dataLength: optional(number(16, 'data-level length', { tshark: 'tcp.options.mptcp.datalvllen' })),
    checksum: optional(opaque(16, 'checksum; auto computes it', { tshark: 'tcp.options.mptcp.checksum' })),
  },
  fits: ({ version, key, peerKey, dataLength, checksum }) =>
    (version !== 0 || (key !== undefined && dataLength === undefined)) &&
    (peerKey === undefined || key !== undefined) &&
    (dataLength === undefined || peerKey !== undefined) &&
    (checksum === undefined || dataLength !== undefined),
});

export type MpCapable = OptionOf<typeof layout>;

/** Where each field starts; the option may end there, too, except inside `flags`. */
const Field = { flags: 3, key: 4, peerKey: 12, dataLength: 20, checksum: 22, end: 24 } as const;

const v0Lengths: readonly number[] = [Field.peerKey, Field.dataLength];
const laterLengths: readonly number[] = [Field.key, ...v0Lengths, Field.checksum, Field.end];

function mpCapableLength(option: MpCapable): number {
  return (
    Field.key +
    (option.key === undefined ? 0 : Field.peerKey - Field.key) +
    (option.peerKey === undefined ? 0 : Field.dataLength - Field.peerKey) +
    (option.dataLength === undefined ? 0 : Field.checksum - Field.dataLength) +
    (option.checksum === undefined ? 0 : Field.end - Field.checksum)
  );
}

/** Writes the fields that are there one after the other, whether or not the outcome is a layout of the RFCs. */
function writeMpCapable(option: MpCapable, into: Uint8Array, at: number, subtype: number): number {
  const length = mpCapableLength(option);
  writeHead(into, at, length, subtype, option.version);
  putUint8(into, at + Field.flags, option.flags);
  let next = at + Field.key;
  if (option.key !== undefined) {
    putUint64(into, next, option.key);
    next += Field.peerKey - Field.key;
  }
  if (option.peerKey !== undefined) {
    putUint64(into, next, option.peerKey);
    next += Field.dataLength - Field.peerKey;
  }
  if (option.dataLength !== undefined) {
    putUint16(into, next, option.dataLength);
    next += Field.checksum - Field.dataLength;
  }
  if (option.checksum !== undefined) putUint16(into, next, option.checksum);
  return length;
}

function decodeMpCapable(octets: Uint8Array, at: number, length: number): MpCapable | Malformed {
  const option: { -readonly [F in keyof MpCapable]: MpCapable[F] } = {
    option: 'mp_capable',
    version: nibbleOf(octets, at),
    flags: uint8(octets, at + Field.flags),
  };
  const possible = option.version === 0 ? v0Lengths : laterLengths;
  if (!possible.includes(length)) return wrongLength(`mp_capable_v${option.version}`, at, length, possible);
  if (length >= Field.peerKey) option.key = uint64(octets, at + Field.key);
  if (length >= Field.dataLength) option.peerKey = uint64(octets, at + Field.peerKey);
  if (length >= Field.checksum) option.dataLength = uint16(octets, at + Field.dataLength);
  if (length >= Field.end) option.checksum = uint16(octets, at + Field.checksum);
  return option;
}

export const mpCapable = byHand(layout, { length: mpCapableLength, write: writeMpCapable, decode: decodeMpCapable });
