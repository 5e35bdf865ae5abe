/**
 * Frames of a classic pcap file. Files in microseconds go through `pcap-parser`, but it gets only whole records with a
 * possible length: otherwise it ends silently at a truncated record, and a wrong length makes it copy the rest of the
 * file again for each chunk. Files in nanoseconds and those of the modified format, which it rejects, are read here.
 */
import { EventEmitter } from 'node:events';
import { type PacketEvent, parse } from 'pcap-parser';
import { countOctets } from '../../../protocol/bytes/count-octets.js';
import { isMalformed, malformed, shortage } from '../../../protocol/bytes/malformed.js';
import {
  type CapturedFrame,
  type CaptureRecord,
  greatestCapturedLength,
  type ReportProblem,
} from '../captured-frame.js';
import type { FrameWalk } from '../frame-walk.js';
import type { OctetSource } from '../octet-source.js';
import {
  capturedLengthOf,
  type FileHeader,
  fileHeaderLength,
  impossibleLength,
  originalLengthOf,
  readFileHeader,
  usualRecordHeader,
} from './file-header.js';
import { PcapWalk } from './pcap-walk.js';

/** Yields the buffered frames, as many at a time as there are. */
export async function* readPcap(source: OctetSource, report: ReportProblem): AsyncGenerator<readonly CaptureRecord[]> {
  const opened = await open(source, report);
  if (opened === undefined) return;
  const { header, file } = opened;
  const isUsual = file.unit === 1000n && file.recordHeader === usualRecordHeader;
  const read = isUsual ? parseRecords(header, file) : copyRecords(file);
  for await (const records of wholeRecords(source, file, report))
    yield read(records).map((frame) => ({ record: 'frame', frame }));
}

/** The same frames in place. Both units are read here, since `pcap-parser` copies. */
export async function* walkPcap(source: OctetSource, report: ReportProblem): AsyncGenerator<FrameWalk> {
  const opened = await open(source, report);
  if (opened === undefined) return;
  const walk = new PcapWalk(opened.file);
  for await (const records of wholeRecords(source, opened.file, report)) yield walk.over(records);
}

interface Opened {
  readonly header: Uint8Array;
  readonly file: FileHeader;
}

const open = async (source: OctetSource, report: ReportProblem): Promise<Opened | undefined> => {
  await source.fill(fileHeaderLength);
  const cut = shortage('pcap/header', 0, source.available, fileHeaderLength);
  const header = source.take(fileHeaderLength);
  const file = cut ?? readFileHeader(header);
  if (!isMalformed(file)) return { header, file };
  report(file);
  return undefined;
};

/** Whole records with possible lengths, as many at a time as are buffered. */
async function* wholeRecords(source: OctetSource, file: FileHeader, report: ReportProblem): AsyncGenerator<Uint8Array> {
  while (await source.fill(1)) {
    const { whole, needed } = wholeLength(source.peek(source.available), file);
    if (whole > 0) yield source.take(whole);
    else if (!(await source.fill(needed))) return report(cutShort(source, needed, file));
    else {
      const impossible = impossibleLength(capturedLengthOf(source.peek(file.recordHeader), 0, file), source.offset);
      if (impossible !== undefined) return report(impossible);
    }
  }
}

/**
 * How many of the octets are whole records with possible lengths, and how many the record after them needs for its length
 * to be known.
 */
const wholeLength = (octets: Uint8Array, file: FileHeader): { readonly whole: number; readonly needed: number } => {
  const { recordHeader } = file;
  for (let at = 0; ; ) {
    if (at + recordHeader > octets.length) return { whole: at, needed: recordHeader };
    const capturedLength = capturedLengthOf(octets, at, file);
    if (capturedLength > greatestCapturedLength) return { whole: at, needed: recordHeader };
    const next = at + recordHeader + capturedLength;
    if (next > octets.length) return { whole: at, needed: next - at };
    at = next;
  }
};

const cutShort = ({ offset, available }: OctetSource, needed: number, { recordHeader }: FileHeader) =>
  malformed(
    needed === recordHeader ? 'pcap/record' : 'pcap/record/octets',
    offset,
    `the file ends inside a record: ${countOctets(available)} left, ${needed} needed`,
  );

type ReadBatch = (batch: Uint8Array) => readonly CapturedFrame[];

/** What `pcap-parser` needs of a stream; it parses whatever is emitted as data at once. */
class Feed extends EventEmitter {
  pause(): void {}
  resume(): void {}
}

const parseRecords = (header: Uint8Array, file: FileHeader): ReadBatch => {
  const feed = new Feed();
  let parsed: CapturedFrame[] = [];
  parse(feed).on('packet', ({ header: record, data }: PacketEvent) => {
    parsed.push({
      interfaceIndex: 0,
      linkType: file.linkType,
      at: BigInt(record.timestampSeconds) * 1_000_000_000n + BigInt(record.timestampMicroseconds) * file.unit,
      octets: new Uint8Array(data),
      originalLength: record.originalLength,
      comments: [],
    });
  });
  const bufferOf = (octets: Uint8Array): Buffer => Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  feed.emit('data', bufferOf(header));
  return (batch) => {
    feed.emit('data', bufferOf(batch));
    const frames = parsed;
    parsed = [];
    return frames;
  };
};

const copyRecords = (file: FileHeader): ReadBatch => {
  const walk = new PcapWalk(file);
  return (batch) => {
    const frames: CapturedFrame[] = [];
    for (walk.over(batch); walk.next(); )
      frames.push({
        interfaceIndex: 0,
        linkType: file.linkType,
        at: walk.at,
        octets: batch.slice(walk.from, walk.to),
        originalLength: originalLengthOf(batch, walk.from - file.recordHeader, file),
        comments: [],
      });
    return frames;
  };
};
