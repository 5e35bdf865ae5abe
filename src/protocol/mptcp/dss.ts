/**
 * Data Sequence Signal (RFC 6824 and RFC 8684, section 3.3).
 *
 *      0    1        2            3               4
 *     +----+--------+---+--------+-----+---------+----------+-----+------------+---------+----------+
 *     | 30 | length | 2 | reserv.| 000 | F m M a A| Data ACK | DSN | subflow seq| length  | checksum |
 *     +----+--------+---+--------+-----+---------+----------+-----+------------+---------+----------+
 *                                                  4 or 8    4 or 8      4          2      2 or none
 *
 * A says that the Data ACK is there and `a` that it has 8 octets; M that the mapping is there and `m` that its DSN has 8.
 * Whether the mapping ends with a checksum was negotiated by MP_CAPABLE; here only the length tells.
 */
import { type Malformed, wrongLength } from '../bytes/malformed.js';
import { putUint8, putUint16, putUint32, putUint64, uint8, uint16, uint32, uint64 } from '../bytes/octets.js';
import { flags as flagsField, long, number, opaque, optional, spare } from '../layout/field.js';
import type { OptionOf } from '../layout/layout.js';
import { nibbleOf, writeHead } from './head.js';
import { byHand, mptcpOption } from './mptcp-option.js';

/** DSS flag bits (octet 3): RFC 8684 section 3.3, RFC 6824 section 3.3. */
export const DssFlag = { F: 0x10, m: 0x08, M: 0x04, a: 0x02, A: 0x01 } as const;

const layout = mptcpOption('dss', {
  subtype: 2,
  meaning: 'DSS: Data ACK and mapping',
  fields: {
    reserved: optional(spare(4)),
    flags: flagsField(8, 'the whole flag octet', {
      F: { bit: DssFlag.F, word: 'fin', meaning: 'DATA_FIN', tshark: 'tcp.options.mptcp.datafin.flag' },
      m: { bit: DssFlag.m, widens: 'dsn' },
      M: { bit: DssFlag.M, says: ['dsn', 'ssn', 'dataLength'] },
      a: { bit: DssFlag.a, widens: 'ack' },
      A: { bit: DssFlag.A, says: ['ack'] },
    }),
    ack: optional(long('Data ACK', { tshark: 'tcp.options.mptcp.rawdataack' })),
    dsn: optional(long('data sequence number', { tshark: 'tcp.options.mptcp.rawdataseqno' })),
    ssn: optional(
      number(32, 'relative subflow sequence number', { usual: 1, tshark: 'tcp.options.mptcp.subflowseqno' }),
    ),
    dataLength: optional(
      number(16, 'data-level length; sending: the payload when absent', {
        usual: 0,
        tshark: 'tcp.options.mptcp.datalvllen',
      }),
    ),
    checksum: optional(opaque(16, 'checksum; auto computes it')),
  },
  fits: ({ dsn, checksum }) => checksum === undefined || dsn !== undefined,
});

export type Dss = OptionOf<typeof layout>;

const Field = { flags: 3, body: 4 } as const;
/** Octets of the fields after the flags. */
const Size = { short: 4, long: 8, ssn: 4, dataLength: 2, checksum: 2 } as const;

const ackSize = (flags: number): number => ((flags & DssFlag.a) === 0 ? Size.short : Size.long);
const dsnSize = (flags: number): number => ((flags & DssFlag.m) === 0 ? Size.short : Size.long);

/** Fields are counted as they are given, whatever `flags` says; `a` and `m` decide their widths. */
function dssLength(option: Dss): number {
  return (
    Field.body +
    (option.ack === undefined ? 0 : ackSize(option.flags)) +
    (option.dsn === undefined ? 0 : dsnSize(option.flags)) +
    (option.ssn === undefined ? 0 : Size.ssn) +
    (option.dataLength === undefined ? 0 : Size.dataLength) +
    (option.checksum === undefined ? 0 : Size.checksum)
  );
}

function writeDss(option: Dss, into: Uint8Array, at: number, subtype: number): number {
  const length = dssLength(option);
  writeHead(into, at, length, subtype, option.reserved ?? 0);
  putUint8(into, at + Field.flags, option.flags);
  let next = at + Field.body;
  if (option.ack !== undefined) next = writeSequence(into, next, option.ack, ackSize(option.flags));
  if (option.dsn !== undefined) next = writeSequence(into, next, option.dsn, dsnSize(option.flags));
  if (option.ssn !== undefined) {
    putUint32(into, next, option.ssn);
    next += Size.ssn;
  }
  if (option.dataLength !== undefined) {
    putUint16(into, next, option.dataLength);
    next += Size.dataLength;
  }
  if (option.checksum !== undefined) putUint16(into, next, option.checksum);
  return length;
}

function decodeDss(octets: Uint8Array, at: number, length: number): Dss | Malformed {
  const flags = uint8(octets, at + Field.flags);
  const reserved = nibbleOf(octets, at);
  const hasAck = (flags & DssFlag.A) !== 0;
  const hasMap = (flags & DssFlag.M) !== 0;
  const mapAt = Field.body + (hasAck ? ackSize(flags) : 0);
  const plain = hasMap ? mapAt + dsnSize(flags) + Size.ssn + Size.dataLength : mapAt;
  const hasChecksum = hasMap && length === plain + Size.checksum;
  if (length !== plain && !hasChecksum)
    return wrongLength('dss', at, length, hasMap ? [plain, plain + Size.checksum] : [plain]);

  // Filled field by field: spreading optional parts into a literal costs five times as much.
  const read: { -readonly [F in keyof Dss]: Dss[F] } = { option: 'dss', flags };
  if (reserved !== 0) read.reserved = reserved;
  if (hasAck) read.ack = readSequence(octets, at + Field.body, ackSize(flags));
  if (hasMap) {
    const subflowAt = at + mapAt + dsnSize(flags);
    const lengthAt = subflowAt + Size.ssn;
    read.dsn = readSequence(octets, at + mapAt, dsnSize(flags));
    read.ssn = uint32(octets, subflowAt);
    read.dataLength = uint16(octets, lengthAt);
    if (hasChecksum) read.checksum = uint16(octets, lengthAt + Size.dataLength);
  }
  return read;
}

const readSequence = (octets: Uint8Array, at: number, size: number): bigint =>
  size === Size.long ? uint64(octets, at) : BigInt(uint32(octets, at));

/** Writes the low 4 octets or all 8, and returns where the next field starts. */
function writeSequence(into: Uint8Array, at: number, value: bigint, size: number): number {
  if (size === Size.long) putUint64(into, at, value);
  else putUint32(into, at, Number(BigInt.asUintN(32, value)));
  return at + size;
}

export const dss = byHand(layout, { length: dssLength, write: writeDss, decode: decodeDss });
