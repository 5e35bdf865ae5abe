/**
 * The TCP header (RFC 9293 section 3.1).
 *
 *      0             2                  4     8     12                 13      14       16         18       20
 *     +-------------+------------------+-----+-----+------------------+-------+--------+----------+--------+---------+
 *     | source port | destination port | seq | ack | offset, reserved | flags | window | checksum | urgent | options |
 *     +-------------+------------------+-----+-----+------------------+-------+--------+----------+--------+---------+
 */

import { countOctets } from '../bytes/count-octets.js';
import { type Malformed, malformed, shortage } from '../bytes/malformed.js';
import { noOctets, putOctets, putUint8, putUint16, putUint32, uint8, uint16, uint32 } from '../bytes/octets.js';
import { flags as flagsField, number, opaque, spare } from '../layout/field.js';
import { offsetsIn } from '../layout/header.js';
import type { DraftSubtypes } from '../mptcp/option.js';
import { addWords, checksumState, complement } from './checksum.js';
import { type Tcp, type TcpDraft, TcpFlag } from './packet.js';
import { seq } from './seq.js';
import type { TcpOption } from './tcp-option.js';
import { optionsLength, readOptions, writeOptions } from './tcp-options.js';

/** The header without its options. */
export const tcpHeader = {
  sourcePort: number(16, 'source port'),
  destinationPort: number(16, 'destination port'),
  seq: number(32, 'sequence number'),
  ack: number(32, 'acknowledgment number'),
  dataOffset: number(4, 'header length in 32-bit words'),
  reserved: spare(4),
  flags: flagsField(8, 'the whole flag octet', {
    CWR: { bit: TcpFlag.CWR },
    ECE: { bit: TcpFlag.ECE },
    URG: { bit: TcpFlag.URG },
    ACK: { bit: TcpFlag.ACK },
    PSH: { bit: TcpFlag.PSH },
    RST: { bit: TcpFlag.RST },
    SYN: { bit: TcpFlag.SYN },
    FIN: { bit: TcpFlag.FIN },
  }),
  window: number(16, 'window as on the wire'),
  checksum: opaque(16, 'checksum as on the wire'),
  urgent: number(16, 'urgent pointer'),
} as const;

/** Where its fields start. Data offset and reserved bits share an octet; the options start at `end`. */
export const TcpField = offsetsIn(tcpHeader);

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
  const missing = shortage('tcp', at, end, TcpField.end);
  if (missing !== undefined) return missing;
  const offsetReserved = uint8(octets, at + TcpField.dataOffset);
  const dataOffset = offsetReserved >> 4;
  const payloadAt = at + dataOffset * wordSize;
  if (payloadAt < at + TcpField.end)
    return malformed('tcp/data_offset', at + TcpField.dataOffset, `${dataOffset} words, at least 5 needed`);
  const cut = shortage('tcp/options', at + TcpField.end, end, payloadAt - at - TcpField.end);
  if (cut !== undefined) return cut;

  const flags = uint8(octets, at + TcpField.flags);
  const checksum = uint16(octets, at + TcpField.checksum);
  return {
    sourcePort: uint16(octets, at + TcpField.sourcePort),
    destinationPort: uint16(octets, at + TcpField.destinationPort),
    seq: seq(uint32(octets, at + TcpField.seq)),
    ack: seq(uint32(octets, at + TcpField.ack)),
    dataOffset,
    reserved: offsetReserved & 0xf,
    flags,
    window: uint16(octets, at + TcpField.window),
    checksum,
    checksumState: pseudo === undefined ? 'unverifiable' : checksumState(pseudo + end - at, octets, at, end, checksum),
    urgent: uint16(octets, at + TcpField.urgent),
    options:
      dataOffset * wordSize === TcpField.end
        ? noOptions
        : readOptions(octets, at + TcpField.end, payloadAt, (flags & TcpFlag.RST) !== 0, subtypes),
    payload: payloadAt === end ? noOctets : octets.subarray(payloadAt, end),
  };
}

/** Octets of header, options and payload. */
export const tcpLength = (draft: TcpDraft['tcp']): number =>
  TcpField.end + optionsLength(draft.options ?? noOptions) + (draft.payload?.length ?? 0);

/** Writes every octet of the segment; `pseudo` is the pseudo-header's partial sum without a length. */
export function writeTcp(
  draft: TcpDraft['tcp'],
  pseudo: number,
  into: Uint8Array,
  at: number,
  subtypes: DraftSubtypes,
): void {
  const payloadAt = writeOptions(draft.options ?? noOptions, into, at + TcpField.end, subtypes);
  const dataOffset = draft.dataOffset ?? computedDataOffset(payloadAt - at);
  putUint16(into, at + TcpField.sourcePort, draft.sourcePort);
  putUint16(into, at + TcpField.destinationPort, draft.destinationPort);
  putUint32(into, at + TcpField.seq, draft.seq);
  putUint32(into, at + TcpField.ack, draft.ack ?? 0);
  putUint8(into, at + TcpField.dataOffset, (dataOffset << 4) | ((draft.reserved ?? 0) & 0xf));
  putUint8(into, at + TcpField.flags, draft.flags);
  putUint16(into, at + TcpField.window, draft.window ?? 0xffff);
  putUint16(into, at + TcpField.checksum, 0);
  putUint16(into, at + TcpField.urgent, draft.urgent ?? 0);
  const payload = draft.payload ?? noOctets;
  putOctets(into, payloadAt, payload);
  const end = payloadAt + payload.length;
  putUint16(into, at + TcpField.checksum, draft.checksum ?? complement(addWords(pseudo + end - at, into, at, end)));
}

function computedDataOffset(headerLength: number): number {
  const words = headerLength / wordSize;
  if (words <= greatestDataOffset) return words;
  throw new RangeError(
    `options take ${countOctets(headerLength - TcpField.end)}, ${greatestDataOffset * wordSize - TcpField.end} are possible; ` +
      'give dataOffset to write them all the same',
  );
}
