/**
 * Frames of a capture file of either format, told apart by the first octets; a file packed by gzip is unpacked while it is
 * read. A file that cannot be opened throws the error of the file system; everything that is wrong inside is reported, with
 * its offset (in the unpacked octets), and whatever could be read before is yielded.
 */
import { malformed } from '../../protocol/bytes/malformed.js';
import type { CapturedFrame, CaptureRecord, FrameOctets, ReportProblem } from './captured-frame.js';
import { chunksInput, fileInput, OctetSource } from './octet-source.js';
import { isPcap } from './pcap/file-header.js';
import { readPcap } from './pcap/read-pcap.js';
import { isPcapng, readPcapng } from './pcapng/read-pcapng.js';
import { isPacked, unpacked } from './unpack.js';

const magicLength = 4;

/** A path, or the octets of the file as they come. */
export type CaptureOrigin = string | AsyncIterable<Uint8Array>;

/** Frames in the order of the file. */
export async function* readCapture(origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<CapturedFrame> {
  for await (const batch of readBatches(origin, report, 'copy'))
    for (const record of batch) if (record.record === 'frame') yield record.frame;
}

/** Frames, and what else a pcapng file tells: sections, interfaces, names, statistics. */
export async function* readCaptureRecords(origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<CaptureRecord> {
  for await (const batch of readBatches(origin, report, 'copy')) yield* batch;
}

/**
 * Frames as many at a time as are at hand, their octets as views (see {@link FrameOctets}): for who reads millions of them.
 */
export async function* readFrameBatches(
  origin: CaptureOrigin,
  report: ReportProblem,
): AsyncGenerator<readonly CapturedFrame[]> {
  for await (const batch of readBatches(origin, report, 'view')) yield framesOf(batch);
}

function framesOf(batch: readonly CaptureRecord[]): readonly CapturedFrame[] {
  const frames: CapturedFrame[] = [];
  for (const record of batch) if (record.record === 'frame') frames.push(record.frame);
  return frames;
}

async function* readBatches(
  origin: CaptureOrigin,
  report: ReportProblem,
  mode: FrameOctets,
): AsyncGenerator<readonly CaptureRecord[]> {
  const source = new OctetSource(typeof origin === 'string' ? await fileInput(origin) : chunksInput(origin));
  try {
    await source.fill(magicLength);
    if (isPacked(source.peek(magicLength)))
      yield* readUnpacked(new OctetSource(chunksInput(unpacked(source, report))), report, mode);
    else yield* readUnpacked(source, report, mode);
  } finally {
    await source.close();
  }
}

async function* readUnpacked(
  source: OctetSource,
  report: ReportProblem,
  mode: FrameOctets,
): AsyncGenerator<readonly CaptureRecord[]> {
  await source.fill(magicLength);
  const magic = source.peek(magicLength);
  if (isPcapng(magic)) yield* readPcapng(source, report, mode);
  else if (isPcap(magic))
    for await (const frames of readPcap(source, report, mode))
      yield frames.map((frame) => ({ record: 'frame', frame }));
  else report(notACapture(magic));
}

const notACapture = (magic: Uint8Array) =>
  malformed(
    'file',
    0,
    magic.length === 0
      ? 'the file is empty'
      : `not a capture: it starts with ${Buffer.from(magic).toString('hex')}, neither pcap nor pcapng does`,
  );
