/**
 * Frames of a classic pcap file. Files in microseconds go through `pcap-parser`, but only whole records with a possible
 * length reach it: left alone it ends without a word at a record cut short, and a wrong length makes it copy the rest of the
 * file again for each chunk. Files in nanoseconds, which it refuses, are read here.
 */
import { EventEmitter } from 'node:events';
import { type PacketEvent, parse } from 'pcap-parser';
import { isMalformed, malformed, shortage } from '../../../protocol/bytes/malformed.js';
import { type CapturedFrame, type FrameOctets, type ReportProblem, takeOctets } from '../captured-frame.js';
import type { OctetSource } from '../octet-source.js';
import {
  capturedLengthOf,
  type FileHeader,
  fileHeaderLength,
  impossibleLength,
  RecordFrame,
  readFileHeader,
  recordHeaderLength,
} from './file-header.js';

/** Octets of whole records that are handed on at once. */
const batchSize = 65536;

/** Yields frames as many at a time as are at hand. Views are always read here, since `pcap-parser` copies. */
export async function* readPcap(
  source: OctetSource,
  report: ReportProblem,
  mode: FrameOctets = 'copy',
): AsyncGenerator<readonly CapturedFrame[]> {
  await source.fill(fileHeaderLength);
  const cut = shortage('pcap/header', 0, source.available, fileHeaderLength);
  if (cut !== undefined) return report(cut);
  const header = source.take(fileHeaderLength);
  const file = readFileHeader(header);
  if (isMalformed(file)) return report(file);
  const read = file.unit === 1000n && mode === 'copy' ? parseRecords(header, file) : sliceRecords(file, mode);
  for await (const batch of wholeRecords(source, file, report)) yield read(batch);
}

/** Whole records with possible lengths, as many at a time as are at hand. */
async function* wholeRecords(source: OctetSource, file: FileHeader, report: ReportProblem): AsyncGenerator<Uint8Array> {
  while (await source.fill(1)) {
    const length = await wholeLength(source, file, report);
    if (length === 0) return;
    yield source.take(length);
  }
}

/** How many of the next octets are whole records: one at least, or 0 when none can be read, which is reported. */
async function wholeLength(source: OctetSource, file: FileHeader, report: ReportProblem): Promise<number> {
  let length = 0;
  for (;;) {
    const start = source.offset + length;
    if (source.available < length + recordHeaderLength) {
      if (length > 0) return length;
      if (!(await source.fill(recordHeaderLength))) {
        report(cutShort('pcap/record', start, source.available, recordHeaderLength));
        return 0;
      }
    }
    const capturedLength = capturedLengthOf(source.peek(source.available), length, file);
    const impossible = impossibleLength(capturedLength, start);
    if (impossible !== undefined) {
      if (length === 0) report(impossible);
      return length;
    }
    const next = length + recordHeaderLength + capturedLength;
    if (source.available < next) {
      if (length > 0) return length;
      if (!(await source.fill(next))) {
        report(cutShort('pcap/record/octets', start, source.available, next));
        return 0;
      }
    }
    length = next;
    if (length >= batchSize) return length;
  }
}

const cutShort = (path: string, start: number, left: number, needed: number) =>
  malformed(path, start, `the file ends inside a record: ${left} octets left, ${needed} needed`);

type ReadBatch = (batch: Uint8Array) => readonly CapturedFrame[];

/** What `pcap-parser` needs of a stream; it parses whatever is emitted as data at once. */
class Feed extends EventEmitter {
  pause(): void {}
  resume(): void {}
}

function parseRecords(header: Uint8Array, file: FileHeader): ReadBatch {
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
}

function sliceRecords(file: FileHeader, mode: FrameOctets): ReadBatch {
  return (batch) => {
    const frames: CapturedFrame[] = [];
    for (let at = 0; at < batch.length; ) {
      const start = at + recordHeaderLength;
      const end = start + capturedLengthOf(batch, at, file);
      frames.push(new RecordFrame(batch, at, file, takeOctets(mode, batch, start, end)));
      at = end;
    }
    return frames;
  };
}
