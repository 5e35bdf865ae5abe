/**
 * Blocks of a pcapng file as octets, written so that Wireshark, tshark and tcpdump show every frame under the same number:
 * one section; one interface a path, all with the same link type and snap length (tcpdump prints nothing otherwise), time in
 * nanoseconds; one comment option for each comment; direction flags; names; statistics after the frames. No custom blocks:
 * they shift the frame numbers.
 *
 * Each function gives one block, so that a recorder can write while frames pass; `encodePcapng` gives a whole file.
 */
import { putOctets } from '../../../protocol/bytes/octets.js';
import { ipOctets, ipv4Size } from '../../../protocol/wire/address.js';
import { type Direction, greatestCapturedLength, type NamedAddress } from '../captured-frame.js';
import { LinkType } from '../link/link-type.js';
import {
  BlockFrame,
  BlockType,
  byteOrderMagic,
  DirectionBits,
  EnhancedPacketBody,
  InterfaceBody,
  NameRecord,
  NameType,
  Option,
  OptionCode,
  padded,
  SectionBody,
  StatisticsBody,
  wordSize,
} from './block.js';

const littleEndian = true;
const nanosecondResolution = 9;
const utf8 = new TextEncoder();

const viewOf = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);

/** A block of `bodyLength` fixed octets, to be filled in by `fill`, and then options. */
const block = (
  type: number,
  bodyLength: number,
  options: readonly Uint8Array[],
  fill: (body: DataView, octets: Uint8Array) => void,
): Uint8Array => {
  const optionsAt = BlockFrame.body + padded(bodyLength);
  const optionsLength = options.reduce((sum, option) => sum + option.length, options.length === 0 ? 0 : wordSize);
  const length = optionsAt + optionsLength + BlockFrame.trailer;
  const octets = new Uint8Array(length);
  const view = viewOf(octets);
  view.setUint32(BlockFrame.type, type, littleEndian);
  view.setUint32(BlockFrame.length, length, littleEndian);
  view.setUint32(length - BlockFrame.trailer, length, littleEndian);
  const body = octets.subarray(BlockFrame.body, optionsAt);
  fill(viewOf(body), body);
  let at = optionsAt;
  for (const option of options) {
    octets.set(option, at);
    at += option.length;
  }
  return octets;
};

const option = (code: number, value: Uint8Array): Uint8Array => {
  const octets = new Uint8Array(Option.value + padded(value.length));
  viewOf(octets).setUint16(Option.code, code, littleEndian);
  viewOf(octets).setUint16(Option.length, value.length, littleEndian);
  octets.set(value, Option.value);
  return octets;
};

const greatestOption = 0xffff;

/** Text in an option is UTF-8 and at most 65535 octets; longer text is cut between characters. */
const textOption = (code: number, text: string): Uint8Array => {
  const value = utf8.encode(text);
  if (value.length <= greatestOption) return option(code, value);
  let end = greatestOption;
  while (((value[end] ?? 0) & 0xc0) === 0x80) end--;
  return option(code, value.subarray(0, end));
};

const optional = <T>(value: T | undefined, encode: (value: T) => Uint8Array): readonly Uint8Array[] =>
  value === undefined ? [] : [encode(value)];

interface SectionText {
  readonly comments?: readonly string[];
  /** Name and version of the program that writes. */
  readonly application: string;
}

export const sectionBlock = ({ comments = [], application }: SectionText): Uint8Array =>
  block(
    BlockType.section,
    SectionBody.options,
    [...comments.map((text) => textOption(OptionCode.comment, text)), textOption(OptionCode.application, application)],
    (body) => {
      body.setUint32(SectionBody.magic, byteOrderMagic, littleEndian);
      body.setUint16(SectionBody.major, 1, littleEndian);
      body.setUint16(SectionBody.minor, 0, littleEndian);
      // The length of the section is unknown while it is written: all bits set mean unknown.
      body.setBigInt64(SectionBody.sectionLength, -1n, littleEndian);
    },
  );

interface InterfaceText {
  readonly name: string;
  readonly description?: string;
}

export const interfaceBlock = (
  { name, description }: InterfaceText,
  linkType: number = LinkType.ethernet,
): Uint8Array =>
  block(
    BlockType.interfaceDescription,
    InterfaceBody.options,
    [
      textOption(OptionCode.interfaceName, name),
      ...optional(description, (text) => textOption(OptionCode.interfaceDescription, text)),
      option(OptionCode.timeResolution, Uint8Array.of(nanosecondResolution)),
    ],
    (body) => {
      body.setUint16(InterfaceBody.linkType, linkType, littleEndian);
      body.setUint16(InterfaceBody.reserved, 0, littleEndian);
      body.setUint32(InterfaceBody.snapLength, greatestCapturedLength, littleEndian);
    },
  );

export interface FrameToWrite {
  readonly interfaceIndex: number;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  readonly octets: Uint8Array;
  readonly originalLength?: number;
  readonly comments?: readonly string[];
  readonly direction?: Direction;
}

/** Throws a RangeError for a frame that no capture can hold. */
export const packetBlock = (frame: FrameToWrite): Uint8Array => {
  const { octets, at, direction, comments = [] } = frame;
  if (octets.length > greatestCapturedLength)
    throw new RangeError(`a frame of ${octets.length} octets, at most ${greatestCapturedLength} can be written`);
  const options = [
    ...comments.map((comment) => textOption(OptionCode.comment, comment)),
    ...optional(direction, (way) => option(OptionCode.packetFlags, word(DirectionBits[way]))),
  ];
  return block(BlockType.enhancedPacket, EnhancedPacketBody.octets + octets.length, options, (body, into) => {
    body.setUint32(EnhancedPacketBody.interfaceId, frame.interfaceIndex, littleEndian);
    putTime(body, EnhancedPacketBody.timeHigh, EnhancedPacketBody.timeLow, at);
    body.setUint32(EnhancedPacketBody.capturedLength, octets.length, littleEndian);
    body.setUint32(EnhancedPacketBody.originalLength, frame.originalLength ?? octets.length, littleEndian);
    into.set(octets, EnhancedPacketBody.octets);
  });
};

/** Time stands as two words, the higher one first in either byte order. */
const putTime = (body: DataView, high: number, low: number, at: bigint): void => {
  body.setUint32(high, Number(BigInt.asUintN(32, at >> 32n)), littleEndian);
  body.setUint32(low, Number(BigInt.asUintN(32, at)), littleEndian);
};

const word = (value: number): Uint8Array => {
  const octets = new Uint8Array(wordSize);
  viewOf(octets).setUint32(0, value, littleEndian);
  return octets;
};

/** Names by which Wireshark shows addresses. */
const nameBlock = (names: readonly NamedAddress[]): Uint8Array => {
  const records = names.map(nameRecord);
  const length = records.reduce<number>((sum, record) => sum + record.length, NameRecord.value);
  return block(BlockType.nameResolution, length, [], (_, into) => {
    let at = 0;
    for (const record of records) {
      putOctets(into, at, record);
      at += record.length;
    }
  });
};

const nameRecord = ({ address, name }: NamedAddress): Uint8Array => {
  const value = Uint8Array.of(...ipOctets(address), ...utf8.encode(name), 0);
  const octets = new Uint8Array(NameRecord.value + padded(value.length));
  const type = ipOctets(address).length === ipv4Size ? NameType.ipv4 : NameType.ipv6;
  viewOf(octets).setUint16(NameRecord.type, type, littleEndian);
  viewOf(octets).setUint16(NameRecord.length, value.length, littleEndian);
  octets.set(value, NameRecord.value);
  return octets;
};

interface InterfaceStatistics {
  readonly interfaceIndex: number;
  readonly at: bigint;
  readonly received?: bigint;
  /** Frames that the capture lost. */
  readonly dropped?: bigint;
}

const statisticsBlock = ({ interfaceIndex, at, received, dropped }: InterfaceStatistics): Uint8Array =>
  block(
    BlockType.interfaceStatistics,
    StatisticsBody.options,
    [
      ...optional(received, (value) => option(OptionCode.received, longWord(value))),
      ...optional(dropped, (value) => option(OptionCode.dropped, longWord(value))),
    ],
    (body) => {
      body.setUint32(StatisticsBody.interfaceId, interfaceIndex, littleEndian);
      putTime(body, StatisticsBody.timeHigh, StatisticsBody.timeLow, at);
    },
  );

const longWord = (value: bigint): Uint8Array => {
  const octets = new Uint8Array(2 * wordSize);
  viewOf(octets).setBigUint64(0, value, littleEndian);
  return octets;
};

export interface CaptureToWrite extends SectionText {
  /**
   * The same for all interfaces; Ethernet when absent. tcpdump reads several interfaces only when the number of the link type
   * is the same in files and in libpcap, as for Ethernet; for raw IP (101) it stops at the second interface.
   */
  readonly linkType?: number;
  readonly interfaces: readonly InterfaceText[];
  readonly names?: readonly NamedAddress[];
  readonly frames: readonly FrameToWrite[];
  readonly statistics?: readonly InterfaceStatistics[];
}

/** A whole file, with frames in the order given. */
export const encodePcapng = (capture: CaptureToWrite): Uint8Array => {
  const { names = [], statistics = [] } = capture;
  return new Uint8Array(
    Buffer.concat([
      sectionBlock(capture),
      ...capture.interfaces.map((described) => interfaceBlock(described, capture.linkType)),
      ...(names.length === 0 ? [] : [nameBlock(names)]),
      ...capture.frames.map(packetBlock),
      ...statistics.map(statisticsBlock),
    ]),
  );
};
