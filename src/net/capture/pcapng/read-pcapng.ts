/**
 * Records of a pcapng file: sections of either byte order, interfaces with their own clock resolution, enhanced and simple
 * packets, names, statistics. Blocks of other types are skipped, as the specification asks. What is damaged is reported with
 * its offset; a damaged block is left out, and reading ends where no next block can be found.
 */

import { isMalformed, type Malformed, malformed } from '../../../protocol/bytes/malformed.js';
import { ipv4Size, ipv4Text, ipv6Size, ipv6Text } from '../../../protocol/wire/address.js';
import {
  type CaptureRecord,
  greatestCapturedLength,
  type NamedAddress,
  type ReportProblem,
} from '../captured-frame.js';
import type { OctetSource } from '../octet-source.js';
import {
  BlockFrame,
  BlockType,
  byteOrderMagic,
  DirectionBits,
  EnhancedPacketBody,
  InterfaceBody,
  NameRecord,
  NameType,
  OptionCode,
  padded,
  SectionBody,
  SimplePacketBody,
  StatisticsBody,
  wordSize,
} from './block.js';
import { type BlockBody, readOptions, text, texts } from './block-body.js';
import { type Clock, clockOf, nanoseconds } from './time-resolution.js';

/** A longer block is a damaged length; names and comments of a whole run fit many times over. */
const greatestBlockLength = 16 * 1024 * 1024;
const leastBlockLength = BlockFrame.body + BlockFrame.trailer;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly name: string | undefined;
  readonly clock: Clock;
}

/** What later blocks of a section refer to. */
interface Section {
  readonly littleEndian: boolean;
  /** How many interfaces earlier sections had: the file-wide index of this section's first one. */
  readonly base: number;
  readonly interfaces: Interface[];
}

/** Whether these first octets are the type of a section header. */
export const isPcapng = (octets: Uint8Array): boolean =>
  octets.length >= wordSize && octets.subarray(0, wordSize).every((octet, i) => octet === [0x0a, 0x0d, 0x0d, 0x0a][i]);

/**
 * Yields the records of all blocks that are at hand, as many at a time as there are: a step of an async generator costs more
 * than reading a block.
 */
export async function* readPcapng(
  source: OctetSource,
  report: ReportProblem,
): AsyncGenerator<readonly CaptureRecord[]> {
  let section: Section = { littleEndian: true, base: 0, interfaces: [] };
  while (await source.fill(1)) {
    const records: CaptureRecord[] = [];
    let needed = leastBlockLength;
    while (source.available >= needed) {
      const head = readHead(source.peek(leastBlockLength), source.offset, section);
      if (isMalformed(head)) {
        yield records;
        return report(head);
      }
      section = head.section;
      needed = head.length;
      if (source.available < needed) break;
      const body = takeBody(source, head);
      if (isMalformed(body)) {
        yield records;
        return report(body);
      }
      const record = readBlock(head.type, body, section, report);
      if (record !== undefined && isMalformed(record)) report(record);
      else if (record !== undefined) records.push(record);
      needed = leastBlockLength;
    }
    yield records;
    if (source.available > 0 && !(await source.fill(needed)))
      return report(cutShort(source.offset, source.available, needed));
  }
}

interface BlockHead {
  readonly type: number;
  /** Of the whole block. */
  readonly length: number;
  /** The section that the block belongs to: a new one when it is a section header. */
  readonly section: Section;
}

function readHead(octets: Uint8Array, start: number, current: Section): BlockHead | Malformed {
  const view = viewOf(octets);
  let section = current;
  if (isPcapng(octets)) {
    const littleEndian = [true, false].find((order) => view.getUint32(BlockFrame.body, order) === byteOrderMagic);
    if (littleEndian === undefined)
      return malformed('pcapng/section/magic', start + BlockFrame.body, 'no byte-order magic number');
    section = { littleEndian, base: current.base + current.interfaces.length, interfaces: [] };
  }
  const length = view.getUint32(BlockFrame.length, section.littleEndian);
  const type = view.getUint32(BlockFrame.type, section.littleEndian);
  return lengthProblem(length, start) ?? { type, length, section };
}

/** Takes the whole block, which is at hand, and gives its body. */
function takeBody(source: OctetSource, { length, section: { littleEndian } }: BlockHead): BlockBody | Malformed {
  const start = source.offset;
  const block = source.take(length);
  const again = viewOf(block).getUint32(length - BlockFrame.trailer, littleEndian);
  if (again !== length) {
    const at = start + length - BlockFrame.trailer;
    return malformed('pcapng/block/trailer', at, `length ${again}, ${length} in front`);
  }
  const octets = block.subarray(BlockFrame.body, length - BlockFrame.trailer);
  return { octets, view: viewOf(octets), littleEndian, offset: start + BlockFrame.body };
}

const viewOf = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);

const cutShort = (start: number, left: number, needed: number): Malformed =>
  malformed('pcapng/block', start, `the file ends inside a block: ${left} octets left, ${needed} needed`);

function lengthProblem(length: number, start: number): Malformed | undefined {
  if (length >= leastBlockLength && length % wordSize === 0 && length <= greatestBlockLength) return undefined;
  return malformed(
    'pcapng/block/length',
    start + BlockFrame.length,
    `length ${length}, a multiple of ${wordSize} from ${leastBlockLength} to ${greatestBlockLength} needed`,
  );
}

function readBlock(
  type: number,
  body: BlockBody,
  section: Section,
  report: ReportProblem,
): CaptureRecord | Malformed | undefined {
  const least = leastBody(type);
  if (body.octets.length < least)
    return malformed('pcapng/block', body.offset, `${body.octets.length} octets left, ${least} needed`);
  switch (type) {
    case BlockType.section: {
      const options = readOptions(body, SectionBody.options, report);
      const application = text(options, OptionCode.application);
      const comments = texts(options, OptionCode.comment);
      return { record: 'section', comments, ...(application === undefined ? {} : { application }) };
    }
    case BlockType.interfaceDescription:
      return readInterface(body, section, report);
    case BlockType.enhancedPacket:
      return readEnhancedPacket(body, section, report);
    case BlockType.simplePacket:
      return readSimplePacket(body, section);
    case BlockType.nameResolution:
      return readNames(body);
    case BlockType.interfaceStatistics:
      return readStatistics(body, section, report);
    default:
      return undefined;
  }
}

/** Octets of the fixed fields of a block's body. */
function leastBody(type: number): number {
  switch (type) {
    case BlockType.section:
      return SectionBody.options;
    case BlockType.interfaceDescription:
      return InterfaceBody.options;
    case BlockType.enhancedPacket:
      return EnhancedPacketBody.octets;
    case BlockType.simplePacket:
      return SimplePacketBody.octets;
    case BlockType.interfaceStatistics:
      return StatisticsBody.options;
    default:
      return 0;
  }
}

function readInterface(body: BlockBody, section: Section, report: ReportProblem): CaptureRecord {
  const options = readOptions(body, InterfaceBody.options, report);
  const name = text(options, OptionCode.interfaceName);
  const description = text(options, OptionCode.interfaceDescription);
  const linkType = body.view.getUint16(InterfaceBody.linkType, body.littleEndian);
  const snapLength = body.view.getUint32(InterfaceBody.snapLength, body.littleEndian);
  section.interfaces.push({ linkType, snapLength, name, clock: clockOf(options, body.littleEndian) });
  return {
    record: 'interface',
    interfaceIndex: section.base + section.interfaces.length - 1,
    linkType,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

const unknownInterface = (body: BlockBody, id: number, known: number): Malformed =>
  malformed('pcapng/packet/interface', body.offset, `interface ${id}, ${known} are described`);

function readEnhancedPacket(body: BlockBody, section: Section, report: ReportProblem): CaptureRecord | Malformed {
  const { view, littleEndian, octets } = body;
  const id = view.getUint32(EnhancedPacketBody.interfaceId, littleEndian);
  const from = section.interfaces[id];
  if (from === undefined) return unknownInterface(body, id, section.interfaces.length);
  const capturedLength = view.getUint32(EnhancedPacketBody.capturedLength, littleEndian);
  const end = EnhancedPacketBody.octets + capturedLength;
  if (capturedLength > greatestCapturedLength || end > octets.length)
    return malformed(
      'pcapng/packet/captured_length',
      body.offset + EnhancedPacketBody.capturedLength,
      `${capturedLength} octets, ${Math.min(greatestCapturedLength, octets.length - EnhancedPacketBody.octets)} possible`,
    );
  const options = readOptions(body, EnhancedPacketBody.octets + padded(capturedLength), report);
  const flags = options.find(({ code }) => code === OptionCode.packetFlags)?.value;
  const direction = flags?.length === wordSize ? viewOf(flags).getUint32(0, littleEndian) & DirectionBits.mask : 0;
  const stamp =
    (BigInt(view.getUint32(EnhancedPacketBody.timeHigh, littleEndian)) << 32n) |
    BigInt(view.getUint32(EnhancedPacketBody.timeLow, littleEndian));
  return {
    record: 'frame',
    frame: {
      ...origin(section, id, from),
      at: nanoseconds(stamp, from.clock),
      octets: octets.slice(EnhancedPacketBody.octets, end),
      originalLength: view.getUint32(EnhancedPacketBody.originalLength, littleEndian),
      comments: texts(options, OptionCode.comment),
      ...(direction === DirectionBits.inbound ? { direction: 'inbound' as const } : {}),
      ...(direction === DirectionBits.outbound ? { direction: 'outbound' as const } : {}),
    },
  };
}

const origin = (section: Section, id: number, { linkType, name }: Interface) => ({
  interfaceIndex: section.base + id,
  linkType,
  ...(name === undefined ? {} : { interfaceName: name }),
});

/** A simple packet belongs to the first interface and has no time; its length is bounded by that interface's snap length. */
function readSimplePacket(body: BlockBody, section: Section): CaptureRecord | Malformed {
  const from = section.interfaces[0];
  if (from === undefined) return unknownInterface(body, 0, 0);
  const originalLength = body.view.getUint32(SimplePacketBody.originalLength, body.littleEndian);
  const capturedLength = from.snapLength === 0 ? originalLength : Math.min(originalLength, from.snapLength);
  const end = SimplePacketBody.octets + capturedLength;
  if (end > body.octets.length)
    return malformed(
      'pcapng/packet',
      body.offset,
      `${body.octets.length - SimplePacketBody.octets} octets left, ${capturedLength} needed`,
    );
  const octets = body.octets.slice(SimplePacketBody.octets, end);
  return { record: 'frame', frame: { ...origin(section, 0, from), at: 0n, octets, originalLength, comments: [] } };
}

function readNames(body: BlockBody): CaptureRecord | Malformed {
  const names: NamedAddress[] = [];
  for (let at = 0; at + NameRecord.value <= body.octets.length; ) {
    const type = body.view.getUint16(at + NameRecord.type, body.littleEndian);
    if (type === NameType.end) break;
    const length = body.view.getUint16(at + NameRecord.length, body.littleEndian);
    const value = body.octets.subarray(at + NameRecord.value, at + NameRecord.value + length);
    if (value.length < length)
      return malformed('pcapng/names', body.offset + at, `${value.length} octets left, ${length} needed`);
    names.push(...namesOf(type, value));
    at += NameRecord.value + padded(length);
  }
  return { record: 'names', names };
}

/** One address may have several names. */
function namesOf(type: number, value: Uint8Array): readonly NamedAddress[] {
  const size = type === NameType.ipv4 ? ipv4Size : type === NameType.ipv6 ? ipv6Size : undefined;
  if (size === undefined || value.length < size) return [];
  const address = size === ipv4Size ? ipv4Text(value, 0) : ipv6Text(value, 0);
  const names = new TextDecoder().decode(value.subarray(size)).split('\0');
  return names.filter((name) => name !== '').map((name) => ({ address, name }));
}

function readStatistics(body: BlockBody, section: Section, report: ReportProblem): CaptureRecord {
  const options = readOptions(body, StatisticsBody.options, report);
  const count = (code: number): bigint | undefined => {
    const value = options.find((option) => option.code === code)?.value;
    return value?.length === 2 * wordSize ? viewOf(value).getBigUint64(0, body.littleEndian) : undefined;
  };
  const received = count(OptionCode.received);
  const dropped = count(OptionCode.dropped);
  return {
    record: 'statistics',
    interfaceIndex: section.base + body.view.getUint32(StatisticsBody.interfaceId, body.littleEndian),
    ...(received === undefined ? {} : { received }),
    ...(dropped === undefined ? {} : { dropped }),
  };
}
