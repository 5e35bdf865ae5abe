/**
 * Frames of a capture file of either format, told apart by the first octets; a file packed by gzip is unpacked while it
 * is read. A file that cannot be opened throws the error of the file system; every error in its contents is reported,
 * with its offset (in the unpacked octets), and everything read before it is yielded.
 */
import { malformed } from '../../protocol/bytes/malformed.js';
import type { CapturedFrame, CaptureRecord, ReportProblem } from './captured-frame.js';
import type { FrameWalk } from './frame-walk.js';
import { chunksInput, fileInput, OctetSource } from './octet-source.js';
import { isPcap } from './pcap/file-header.js';
import { readPcap, walkPcap } from './pcap/read-pcap.js';
import { isPcapng, readPcapng, walkPcapng } from './pcapng/read-pcapng.js';
import { isPacked, unpacked } from './unpack.js';

const magicLength = 4;

/** A path, or the octets of the file as they come. */
export type CaptureOrigin = string | AsyncIterable<Uint8Array>;

/** Frames in the order of the file. */
export async function* readCapture(origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<CapturedFrame> {
  for await (const record of readCaptureRecords(origin, report)) if (record.record === 'frame') yield record.frame;
}

/** Frames, and the other records of a pcapng file: sections, interfaces, names, statistics. */
export async function* readCaptureRecords(origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<CaptureRecord> {
  for await (const batch of read(origin, report, { pcap: readPcap, pcapng: readPcapng })) yield* batch;
}

/**
 * Frames in place, as many at a time as are buffered, for readers of millions of frames; each walk must be walked to its
 * end.
 */
export const walkCapture = (origin: CaptureOrigin, report: ReportProblem): AsyncGenerator<FrameWalk> =>
  read(origin, report, { pcap: walkPcap, pcapng: walkPcapng });

type Read<T> = (source: OctetSource, report: ReportProblem) => AsyncGenerator<T>;

interface Formats<T> {
  readonly pcap: Read<T>;
  readonly pcapng: Read<T>;
}

async function* read<T>(origin: CaptureOrigin, report: ReportProblem, formats: Formats<T>): AsyncGenerator<T> {
  const source = new OctetSource(typeof origin === 'string' ? await fileInput(origin) : chunksInput(origin));
  try {
    await source.fill(magicLength);
    if (isPacked(source.peek(magicLength)))
      yield* readUnpacked(new OctetSource(chunksInput(unpacked(source, report))), report, formats);
    else yield* readUnpacked(source, report, formats);
  } finally {
    await source.close();
  }
}

async function* readUnpacked<T>(
  source: OctetSource,
  report: ReportProblem,
  { pcap, pcapng }: Formats<T>,
): AsyncGenerator<T> {
  await source.fill(magicLength);
  const magic = source.peek(magicLength);
  if (isPcapng(magic)) yield* pcapng(source, report);
  else if (isPcap(magic)) yield* pcap(source, report);
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
