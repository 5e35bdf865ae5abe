/**
 * The blocks of a pcapng file as records, one function for each type that is read. A field that does not fit into its
 * block gives Malformed with the offset in the file.
 */

import { countOctets } from '../../../protocol/bytes/count-octets.js';
import { type Malformed, malformed } from '../../../protocol/bytes/malformed.js';
import { ipv4Size, ipv4Text, ipv6Size, ipv6Text } from '../../../protocol/wire/address.js';
import {
  type CapturedFrame,
  type CaptureRecord,
  type Direction,
  greatestCapturedLength,
  type NamedAddress,
  type ReportProblem,
} from '../captured-frame.js';
import { half, word } from '../word.js';
import {
  BlockType,
  DirectionBits,
  EnhancedPacketBody,
  InterfaceBody,
  NameRecord,
  NameType,
  OptionCode,
  PacketBody,
  padded,
  SectionBody,
  SimplePacketBody,
  StatisticsBody,
  wordSize,
} from './block.js';
import { type BlockBody, type BlockOption, readOptions, text, texts } from './block-body.js';
import type { Section } from './section.js';
import { clockOf, enhancedPacketTime } from './time-resolution.js';

/** The records of a block: none if its type is unknown, Malformed if it cannot be read. */
export const readBlock = (
  type: number,
  body: BlockBody,
  section: Section,
  report: ReportProblem,
): CaptureRecord | Malformed | undefined => {
  const least = leastBody(type);
  if (body.octets.length < least)
    return malformed('pcapng/block', body.offset, `${countOctets(body.octets.length)} left, ${least} needed`);
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
      return readPacket(word(body.octets, EnhancedPacketBody.interfaceId, body.littleEndian), body, section, report);
    case BlockType.packet:
      return readPacket(half(body.octets, PacketBody.interfaceId, body.littleEndian), body, section, report);
    case BlockType.simplePacket:
      return readSimplePacket(body, section);
    case BlockType.nameResolution:
      return readNames(body);
    case BlockType.interfaceStatistics:
      return readStatistics(body, section, report);
    default:
      return undefined;
  }
};

/** Octets of the fixed fields of a block's body. */
const leastBody = (type: number): number => {
  switch (type) {
    case BlockType.section:
      return SectionBody.options;
    case BlockType.interfaceDescription:
      return InterfaceBody.options;
    case BlockType.enhancedPacket:
    case BlockType.packet:
      return EnhancedPacketBody.octets;
    case BlockType.simplePacket:
      return SimplePacketBody.octets;
    case BlockType.interfaceStatistics:
      return StatisticsBody.options;
    default:
      return 0;
  }
};

const readInterface = (body: BlockBody, section: Section, report: ReportProblem): CaptureRecord => {
  const options = readOptions(body, InterfaceBody.options, report);
  const name = text(options, OptionCode.interfaceName);
  const description = text(options, OptionCode.interfaceDescription);
  const linkType = half(body.octets, InterfaceBody.linkType, body.littleEndian);
  const snapLength = word(body.octets, InterfaceBody.snapLength, body.littleEndian);
  section.interfaces.push({ linkType, snapLength, name, clock: clockOf(options, body.littleEndian) });
  return {
    record: 'interface',
    interfaceIndex: section.base + section.interfaces.length - 1,
    linkType,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
};

const unknownInterface = (body: BlockBody, id: number, known: number): Malformed =>
  malformed('pcapng/packet/interface', body.offset, `interface ${id}, ${known} are described`);

/** A packet of the interface `id`, in an enhanced or an obsolete block. */
const readPacket = (
  id: number,
  body: BlockBody,
  section: Section,
  report: ReportProblem,
): CaptureRecord | Malformed => {
  const { littleEndian, octets } = body;
  const from = section.interfaces[id];
  if (from === undefined) return unknownInterface(body, id, section.interfaces.length);
  const capturedLength = word(octets, EnhancedPacketBody.capturedLength, littleEndian);
  const end = EnhancedPacketBody.octets + capturedLength;
  if (capturedLength > greatestCapturedLength || end > octets.length)
    return malformed(
      'pcapng/packet/captured_length',
      body.offset + EnhancedPacketBody.capturedLength,
      `${countOctets(capturedLength)}, ${Math.min(greatestCapturedLength, octets.length - EnhancedPacketBody.octets)} possible`,
    );
  const options = readOptions(body, EnhancedPacketBody.octets + padded(capturedLength), report);
  // Filled field by field: spreading optional parts into a literal takes more time than everything else.
  const frame: { -readonly [F in keyof CapturedFrame]: CapturedFrame[F] } = {
    interfaceIndex: section.base + id,
    linkType: from.linkType,
    at: enhancedPacketTime(octets, 0, littleEndian, from.clock),
    octets: octets.slice(EnhancedPacketBody.octets, end),
    originalLength: word(octets, EnhancedPacketBody.originalLength, littleEndian),
    comments: options.length === 0 ? noComments : texts(options, OptionCode.comment),
  };
  if (from.name !== undefined) frame.interfaceName = from.name;
  const direction = options.length === 0 ? undefined : directionOf(options, littleEndian);
  if (direction !== undefined) frame.direction = direction;
  return { record: 'frame', frame };
};

const noComments: readonly string[] = [];

const directionOf = (options: readonly BlockOption[], littleEndian: boolean): Direction | undefined => {
  const flags = options.find(({ code }) => code === OptionCode.packetFlags)?.value;
  if (flags?.length !== wordSize) return undefined;
  switch (word(flags, 0, littleEndian) & DirectionBits.mask) {
    case DirectionBits.inbound:
      return 'inbound';
    case DirectionBits.outbound:
      return 'outbound';
    default:
      return undefined;
  }
};

/** A simple packet belongs to the first interface and has no time; its length is bounded by that interface's snap length. */
const readSimplePacket = (body: BlockBody, section: Section): CaptureRecord | Malformed => {
  const from = section.interfaces[0];
  if (from === undefined) return unknownInterface(body, 0, 0);
  const originalLength = word(body.octets, SimplePacketBody.originalLength, body.littleEndian);
  const capturedLength = from.snapLength === 0 ? originalLength : Math.min(originalLength, from.snapLength);
  const end = SimplePacketBody.octets + capturedLength;
  if (end > body.octets.length)
    return malformed(
      'pcapng/packet',
      body.offset,
      `${countOctets(body.octets.length - SimplePacketBody.octets)} left, ${capturedLength} needed`,
    );
  const octets = body.octets.slice(SimplePacketBody.octets, end);
  return {
    record: 'frame',
    frame: {
      interfaceIndex: section.base,
      linkType: from.linkType,
      ...(from.name === undefined ? {} : { interfaceName: from.name }),
      at: 0n,
      octets,
      originalLength,
      comments: noComments,
    },
  };
};

const readNames = (body: BlockBody): CaptureRecord | Malformed => {
  const names: NamedAddress[] = [];
  for (let at = 0; at + NameRecord.value <= body.octets.length; ) {
    const type = half(body.octets, at + NameRecord.type, body.littleEndian);
    if (type === NameType.end) break;
    const length = half(body.octets, at + NameRecord.length, body.littleEndian);
    const value = body.octets.subarray(at + NameRecord.value, at + NameRecord.value + length);
    if (value.length < length)
      return malformed('pcapng/names', body.offset + at, `${countOctets(value.length)} left, ${length} needed`);
    names.push(...namesOf(type, value));
    at += NameRecord.value + padded(length);
  }
  return { record: 'names', names };
};

/** One address may have several names. */
const namesOf = (type: number, value: Uint8Array): readonly NamedAddress[] => {
  const size = type === NameType.ipv4 ? ipv4Size : type === NameType.ipv6 ? ipv6Size : undefined;
  if (size === undefined || value.length < size) return [];
  const address = size === ipv4Size ? ipv4Text(value, 0) : ipv6Text(value, 0);
  const names = new TextDecoder().decode(value.subarray(size)).split('\0');
  return names.filter((name) => name !== '').map((name) => ({ address, name }));
};

const readStatistics = (body: BlockBody, section: Section, report: ReportProblem): CaptureRecord => {
  const options = readOptions(body, StatisticsBody.options, report);
  const count = (code: number): bigint | undefined => {
    const value = options.find((option) => option.code === code)?.value;
    return value?.length === 2 * wordSize
      ? new DataView(value.buffer, value.byteOffset).getBigUint64(0, body.littleEndian)
      : undefined;
  };
  const received = count(OptionCode.received);
  const dropped = count(OptionCode.dropped);
  return {
    record: 'statistics',
    interfaceIndex: section.base + word(body.octets, StatisticsBody.interfaceId, body.littleEndian),
    ...(received === undefined ? {} : { received }),
    ...(dropped === undefined ? {} : { dropped }),
  };
};
