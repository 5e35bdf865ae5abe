/**
 * Header and record header of a classic pcap file (draft-ietf-opsawg-pcap). The magic number determines byte order and
 * unit of time.
 *
 *     0       4         6         8        12        16         20            24
 *     +-------+---------+---------+--------+---------+----------+-------------+
 *     | magic | major 2 | minor 4 | zone   | accuracy| snaplen  | link type   |      record: seconds, fraction, captured
 *     +-------+---------+---------+--------+---------+----------+-------------+      length, original length, 4 octets each
 *
 * A modified format, which some home gateways write, has a magic number of its own, and 8 octets more in each record header:
 * device (4), protocol (2), direction (1), padding. Its fractions are microseconds.
 */

import { countOctets } from '../../../protocol/bytes/count-octets.js';
import type { Malformed } from '../../../protocol/bytes/malformed.js';
import { malformed } from '../../../protocol/bytes/malformed.js';
import { greatestCapturedLength } from '../captured-frame.js';
import { word } from '../word.js';

const Header = { magic: 0, major: 4, linkType: 20 } as const;
const Record = { seconds: 0, fraction: 4, capturedLength: 8, originalLength: 12 } as const;

export const fileHeaderLength = 24;
export const usualRecordHeader = 16;
const modifiedRecordHeader = 24;

const Magic = { microseconds: 0xa1b2c3d4, nanoseconds: 0xa1b23c4d, modified: 0xa1b2cd34 } as const;
const majorVersion = 2;

/** The upper bits of the link type field hold the length of a frame check sequence. */
const linkTypeMask = 0xffff;

export interface FileHeader {
  readonly littleEndian: boolean;
  /** Nanoseconds in one unit of a record's fraction of a second. */
  readonly unit: 1n | 1000n;
  readonly linkType: number;
  /** Octets of each record header. */
  readonly recordHeader: number;
}

const viewOf = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);

/** Whether these first octets are a classic pcap's magic number. */
export const isPcap = (octets: Uint8Array): boolean => octets.length >= 4 && orderOf(viewOf(octets)) !== undefined;

const orderOf = (view: DataView): Omit<FileHeader, 'linkType'> | undefined => {
  for (const littleEndian of [true, false]) {
    const magic = view.getUint32(Header.magic, littleEndian);
    if (magic === Magic.microseconds) return { littleEndian, unit: 1000n, recordHeader: usualRecordHeader };
    if (magic === Magic.nanoseconds) return { littleEndian, unit: 1n, recordHeader: usualRecordHeader };
    if (magic === Magic.modified) return { littleEndian, unit: 1000n, recordHeader: modifiedRecordHeader };
  }
  return undefined;
};

/** Reads the 24 octets of a file header. */
export const readFileHeader = (octets: Uint8Array): FileHeader | Malformed => {
  const view = viewOf(octets);
  const order = orderOf(view);
  if (order === undefined) return malformed('pcap/magic', 0, 'no magic number of a pcap file');
  const major = view.getUint16(Header.major, order.littleEndian);
  if (major !== majorVersion)
    return malformed('pcap/version', Header.major, `version ${major}, ${majorVersion} is known`);
  return { ...order, linkType: view.getUint32(Header.linkType, order.littleEndian) & linkTypeMask };
};

/** How many octets of a frame follow the record header that starts at `at`. */
export const capturedLengthOf = (octets: Uint8Array, at: number, { littleEndian }: FileHeader): number =>
  word(octets, at + Record.capturedLength, littleEndian);

/** The report for an impossible captured length; `offset` is where the record starts in the file. */
export const impossibleLength = (capturedLength: number, offset: number): Malformed | undefined =>
  capturedLength <= greatestCapturedLength
    ? undefined
    : malformed(
        'pcap/record/captured_length',
        offset + Record.capturedLength,
        `${countOctets(capturedLength)}, at most ${greatestCapturedLength} possible; nothing after it can be read`,
      );

/** Octets on the wire of the frame whose record header starts at `at`. */
export const originalLengthOf = (octets: Uint8Array, at: number, { littleEndian }: FileHeader): number =>
  word(octets, at + Record.originalLength, littleEndian);

const second = 1_000_000_000n;

/** When the frame was captured whose record header starts at `at`, in nanoseconds. */
export const timeOf = (octets: Uint8Array, at: number, { littleEndian, unit }: FileHeader): bigint =>
  BigInt(word(octets, at + Record.seconds, littleEndian)) * second +
  BigInt(word(octets, at + Record.fraction, littleEndian)) * unit;
