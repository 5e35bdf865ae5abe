/**
 * The TCP header (RFC 9293 section 3.1).
 *
 *      0             2                  4     8     12                 13      14       16         18       20
 *     +-------------+------------------+-----+-----+------------------+-------+--------+----------+--------+---------+
 *     | source port | destination port | seq | ack | offset, reserved | flags | window | checksum | urgent | options |
 *     +-------------+------------------+-----+-----+------------------+-------+--------+----------+--------+---------+
 */
import { type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { noOctets, putOctets, putUint8, putUint16, putUint32, uint8, uint16, uint32 } from '../bytes/octets.js';
import type { DraftSubtypes } from '../mptcp/option.js';
import { addWords, checksumState, complement } from './checksum.js';
import { type Tcp, type TcpDraft, TcpFlag } from './packet.js';
import { seq } from './seq.js';
import type { TcpOption } from './tcp-option.js';
import { optionsLength, readOptions, writeOptions } from './tcp-options.js';

const Field = {
  sourcePort: 0,
  destinationPort: 2,
  seq: 4,
  ack: 8,
  offsetReserved: 12,
  flags: 13,
  window: 14,
  checksum: 16,
  urgent: 18,
  options: 20,
} as const;

const wordSize = 4;
const greatestDataOffset = 15;
const noOptions: readonly TcpOption[] = [];

/**
 * Reads the segment from `at` to `end`. `pseudo` is the pseudo-header's partial sum without a length; absent when the end of
 * the segment is not known, which makes the checksum unverifiable. The payload is a view of `octets`.
 */
export function decodeTcp(
  octets: Uint8Array,
  at: number,
  end: number,
  pseudo: number | undefined,
  subtypes: DraftSubtypes,
): Tcp | Malformed {
  const missing = shortage('tcp', at, end, Field.options);
  if (missing !== undefined) return missing;
  const offsetReserved = uint8(octets, at + Field.offsetReserved);
  const dataOffset = offsetReserved >> 4;
  const payloadAt = at + dataOffset * wordSize;
  if (payloadAt < at + Field.options)
    return malformed('tcp/data_offset', at + Field.offsetReserved, `${dataOffset} words, at least 5 needed`);
  const cut = shortage('tcp/options', at + Field.options, end, payloadAt - at - Field.options);
  if (cut !== undefined) return cut;

  const flags = uint8(octets, at + Field.flags);
  const checksum = uint16(octets, at + Field.checksum);
  return {
    sourcePort: uint16(octets, at + Field.sourcePort),
    destinationPort: uint16(octets, at + Field.destinationPort),
    seq: seq(uint32(octets, at + Field.seq)),
    ack: seq(uint32(octets, at + Field.ack)),
    dataOffset,
    reserved: offsetReserved & 0xf,
    flags,
    window: uint16(octets, at + Field.window),
    checksum,
    checksumState: pseudo === undefined ? 'unverifiable' : checksumState(pseudo + end - at, octets, at, end, checksum),
    urgent: uint16(octets, at + Field.urgent),
    options:
      dataOffset * wordSize === Field.options
        ? noOptions
        : readOptions(octets, at + Field.options, payloadAt, (flags & TcpFlag.RST) !== 0, subtypes),
    payload: payloadAt === end ? noOctets : octets.subarray(payloadAt, end),
  };
}

/** Octets of header, options and payload. */
export const tcpLength = (draft: TcpDraft['tcp']): number =>
  Field.options + optionsLength(draft.options ?? noOptions) + (draft.payload?.length ?? 0);

/** Writes every octet of the segment; `pseudo` is the pseudo-header's partial sum without a length. */
export function writeTcp(
  draft: TcpDraft['tcp'],
  pseudo: number,
  into: Uint8Array,
  at: number,
  subtypes: DraftSubtypes,
): void {
  const payloadAt = writeOptions(draft.options ?? noOptions, into, at + Field.options, subtypes);
  const dataOffset = draft.dataOffset ?? computedDataOffset(payloadAt - at);
  putUint16(into, at + Field.sourcePort, draft.sourcePort);
  putUint16(into, at + Field.destinationPort, draft.destinationPort);
  putUint32(into, at + Field.seq, draft.seq);
  putUint32(into, at + Field.ack, draft.ack ?? 0);
  putUint8(into, at + Field.offsetReserved, (dataOffset << 4) | ((draft.reserved ?? 0) & 0xf));
  putUint8(into, at + Field.flags, draft.flags);
  putUint16(into, at + Field.window, draft.window ?? 0xffff);
  putUint16(into, at + Field.checksum, 0);
  putUint16(into, at + Field.urgent, draft.urgent ?? 0);
  const payload = draft.payload ?? noOctets;
  putOctets(into, payloadAt, payload);
  const end = payloadAt + payload.length;
  putUint16(into, at + Field.checksum, draft.checksum ?? complement(addWords(pseudo + end - at, into, at, end)));
}

function computedDataOffset(headerLength: number): number {
  const words = headerLength / wordSize;
  if (words <= greatestDataOffset) return words;
  throw new RangeError(
    `options take ${headerLength - Field.options} octets, ${greatestDataOffset * wordSize - Field.options} are possible; ` +
      'give dataOffset to write them all the same',
  );
}
