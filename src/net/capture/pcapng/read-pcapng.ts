/**
 * Records of a pcapng file: sections of either byte order, interfaces with their own clock resolution, enhanced and simple
 * packets, names, statistics. Blocks of other types are skipped, as the specification asks. What is damaged is reported with
 * its offset; a damaged block is left out, and reading ends where no next block can be found.
 */
import { isMalformed, type Malformed, malformed } from '../../../protocol/bytes/malformed.js';
import { uint32 } from '../../../protocol/bytes/octets.js';
import type { CaptureRecord, FrameOctets, ReportProblem } from '../captured-frame.js';
import type { OctetSource } from '../octet-source.js';
import { word } from '../word.js';
import { BlockFrame, BlockType, byteOrderMagic, wordSize } from './block.js';
import { readBlock } from './read-block.js';
import type { Section } from './section.js';

/** A longer block is a damaged length; names and comments of a whole run fit many times over. */
const greatestBlockLength = 16 * 1024 * 1024;
const leastBlockLength = BlockFrame.body + BlockFrame.trailer;

/** Whether these octets start with the type of a section header, which reads the same in either byte order. */
export const isPcapng = (octets: Uint8Array): boolean => startsSection(octets, 0);

const startsSection = (octets: Uint8Array, at: number): boolean => uint32(octets, at) === BlockType.section;

/**
 * Yields the records of all blocks that are at hand, as many at a time as there are: a step of an async generator costs more
 * than reading a block.
 */
export async function* readPcapng(
  source: OctetSource,
  report: ReportProblem,
  mode: FrameOctets = 'copy',
): AsyncGenerator<readonly CaptureRecord[]> {
  let section: Section = { littleEndian: true, mode, base: 0, interfaces: [] };
  while (await source.fill(1)) {
    const batch = readBlocks(source.peek(source.available), source.offset, section, report);
    section = batch.section;
    source.take(batch.read);
    yield batch.records;
    if (batch.problem !== undefined) return report(batch.problem);
    if (source.available > 0 && !(await source.fill(batch.needed)))
      return report(cutShort(source.offset, source.available, batch.needed));
  }
}

interface Batch {
  readonly records: readonly CaptureRecord[];
  /** Octets that the whole blocks took. */
  readonly read: number;
  /** The section in which the next block stands. */
  readonly section: Section;
  /** Octets that the next block needs, as far as can be told. */
  readonly needed: number;
  /** Why no next block can be found, if so. */
  readonly problem?: Malformed;
}

/** Reads all blocks that are whole; `offset` is where `octets` start in the file. */
function readBlocks(octets: Uint8Array, offset: number, from: Section, report: ReportProblem): Batch {
  const records: CaptureRecord[] = [];
  let section = from;
  let at = 0;
  while (octets.length - at >= leastBlockLength) {
    const found = startsSection(octets, at) ? nextSection(octets, at, offset, section) : section;
    if (isMalformed(found)) return { records, read: at, section, needed: 0, problem: found };
    section = found;
    const { littleEndian } = section;
    const length = word(octets, at + BlockFrame.length, littleEndian);
    const impossible = lengthProblem(length, offset + at);
    if (impossible !== undefined) return { records, read: at, section, needed: 0, problem: impossible };
    const next = at + length;
    if (next > octets.length) return { records, read: at, section, needed: length };
    const trailer = next - BlockFrame.trailer;
    const again = word(octets, trailer, littleEndian);
    if (again !== length) {
      const problem = malformed('pcapng/block/trailer', offset + trailer, `length ${again}, ${length} in front`);
      return { records, read: at, section, needed: 0, problem };
    }
    const start = at + BlockFrame.body;
    const body = { octets: octets.subarray(start, trailer), littleEndian, offset: offset + start };
    const record = readBlock(word(octets, at + BlockFrame.type, littleEndian), body, section, report);
    if (record !== undefined && isMalformed(record)) report(record);
    else if (record !== undefined) records.push(record);
    at = next;
  }
  return { records, read: at, section, needed: leastBlockLength };
}

const cutShort = (start: number, left: number, needed: number): Malformed =>
  malformed('pcapng/block', start, `the file ends inside a block: ${left} octets left, ${needed} needed`);

/** The section that starts here; reading its header a second time, when it was not whole at first, gives the same. */
function nextSection(octets: Uint8Array, at: number, offset: number, current: Section): Section | Malformed {
  const body = at + BlockFrame.body;
  const littleEndian = [true, false].find((order) => word(octets, body, order) === byteOrderMagic);
  if (littleEndian === undefined) return malformed('pcapng/section/magic', offset + body, 'no byte-order magic number');
  return { littleEndian, mode: current.mode, base: current.base + current.interfaces.length, interfaces: [] };
}

function lengthProblem(length: number, start: number): Malformed | undefined {
  if (length >= leastBlockLength && length % wordSize === 0 && length <= greatestBlockLength) return undefined;
  return malformed(
    'pcapng/block/length',
    start + BlockFrame.length,
    `length ${length}, a multiple of ${wordSize} from ${leastBlockLength} to ${greatestBlockLength} needed`,
  );
}
