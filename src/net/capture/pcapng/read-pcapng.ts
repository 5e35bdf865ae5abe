/**
 * Records of a pcapng file: sections of either byte order, interfaces with their own clock resolution, enhanced and
 * simple packets, names, statistics. Blocks of other types are skipped, as the specification requires. Damage is reported
 * with its offset; a damaged block is left out, and reading ends where no next block can be found.
 */

import { countOctets } from '../../../protocol/bytes/count-octets.js';
import { isMalformed, type Malformed, malformed } from '../../../protocol/bytes/malformed.js';
import type { CaptureRecord, ReportProblem } from '../captured-frame.js';
import type { FrameWalk } from '../frame-walk.js';
import type { OctetSource } from '../octet-source.js';
import { BlockWalk, startsSection } from './block-walk.js';
import { PcapngWalk } from './pcapng-walk.js';
import { readBlock } from './read-block.js';

/** Whether these first octets are those of a pcapng file. */
export const isPcapng = (octets: Uint8Array): boolean => startsSection(octets, 0);

/** Yields the records of all buffered blocks together: a step of an async generator takes longer than reading a block. */
export async function* readPcapng(
  source: OctetSource,
  report: ReportProblem,
): AsyncGenerator<readonly CaptureRecord[]> {
  for await (const blocks of wholeBlocks(source, report)) yield recordsOf(blocks, report);
}

/** The frames of the same blocks in place. */
export async function* walkPcapng(source: OctetSource, report: ReportProblem): AsyncGenerator<FrameWalk> {
  for await (const blocks of wholeBlocks(source, report)) yield new PcapngWalk(blocks, report);
}

/** Yields walks over all whole blocks; each must be walked to its end. */
async function* wholeBlocks(source: OctetSource, report: ReportProblem): AsyncGenerator<BlockWalk> {
  const blocks = new BlockWalk();
  while (await source.fill(1)) {
    yield blocks.over(source.peek(source.available), source.offset);
    source.take(blocks.read);
    const { needed, problem } = blocks;
    if (problem !== undefined) return report(problem);
    if (source.available > 0 && !(await source.fill(needed)))
      return report(cutShort(source.offset, source.available, needed));
  }
}

const recordsOf = (blocks: BlockWalk, report: ReportProblem): readonly CaptureRecord[] => {
  const records: CaptureRecord[] = [];
  while (blocks.next()) {
    const record = readBlock(blocks.type, blocks.body, blocks.section, report);
    if (record !== undefined && isMalformed(record)) report(record);
    else if (record !== undefined) records.push(record);
  }
  return records;
};

const cutShort = (start: number, left: number, needed: number): Malformed =>
  malformed('pcapng/block', start, `the file ends inside a block: ${countOctets(left)} left, ${needed} needed`);
