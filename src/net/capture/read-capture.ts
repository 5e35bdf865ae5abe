/**
 * Frames of a capture file of either format, told apart by the first octets. A file that cannot be opened throws the error of
 * the file system; everything that is wrong inside is reported, with its offset, and whatever could be read before is yielded.
 */
import { createReadStream } from 'node:fs';
import { malformed } from '../../protocol/bytes/malformed.js';
import type { CapturedFrame, CaptureRecord, ReportProblem } from './captured-frame.js';
import { OctetSource } from './octet-source.js';
import { isPcap } from './pcap/file-header.js';
import { readPcap } from './pcap/read-pcap.js';
import { isPcapng, readPcapng } from './pcapng/read-pcapng.js';

const magicLength = 4;
const chunkSize = 1024 * 1024;

/** A path, or the octets of the file as they come. */
export type CaptureOrigin = string | AsyncIterable<Uint8Array>;

/** Frames in the order of the file. */
export async function* readCapture(origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<CapturedFrame> {
  for await (const batch of readBatches(origin, report))
    for (const record of batch) if (record.record === 'frame') yield record.frame;
}

/** Frames, and what else a pcapng file tells: sections, interfaces, names, statistics. */
export async function* readCaptureRecords(origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<CaptureRecord> {
  for await (const batch of readBatches(origin, report)) yield* batch;
}

async function* readBatches(origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<readonly CaptureRecord[]> {
  const source = new OctetSource(
    typeof origin === 'string' ? createReadStream(origin, { highWaterMark: chunkSize }) : origin,
  );
  try {
    await source.fill(magicLength);
    const magic = source.peek(magicLength);
    if (isPcapng(magic)) yield* readPcapng(source, report);
    else if (isPcap(magic))
      for await (const frames of readPcap(source, report)) yield frames.map((frame) => ({ record: 'frame', frame }));
    else report(notACapture(magic));
  } finally {
    await source.close();
  }
}

const notACapture = (magic: Uint8Array) =>
  malformed(
    'file',
    0,
    magic.length === 0
      ? 'the file is empty'
      : `not a capture: it starts with ${Buffer.from(magic).toString('hex')}, neither pcap nor pcapng does`,
  );
