/**
 * A walk over the packets among blocks of a pcapng file. An enhanced packet without options is read in place; all other
 * blocks go through the reader of single blocks.
 */
import { isMalformed } from '../../../protocol/bytes/malformed.js';
import { noOctets } from '../../../protocol/bytes/octets.js';
import { greatestCapturedLength, type ReportProblem } from '../captured-frame.js';
import type { FrameWalk } from '../frame-walk.js';
import { word } from '../word.js';
import { BlockType, EnhancedPacketBody, Option, padded } from './block.js';
import type { BlockWalk } from './block-walk.js';
import { readBlock } from './read-block.js';
import { type Clock, enhancedPacketTime } from './time-resolution.js';

export class PcapngWalk implements FrameWalk {
  octets: Uint8Array = noOctets;
  from = 0;
  to = 0;
  linkType = 0;
  /** The time of a frame that is not read in place. */
  #at = 0n;
  /** The octets it had on the wire. */
  #originalLength = 0;
  /** The clock of a frame that is read in place. */
  #clock: Clock | undefined;
  readonly #blocks: BlockWalk;
  readonly #report: ReportProblem;

  constructor(blocks: BlockWalk, report: ReportProblem) {
    this.#blocks = blocks;
    this.#report = report;
  }

  next(): boolean {
    while (this.#blocks.next()) if (this.#showInPlace() || this.#showRead()) return true;
    return false;
  }

  get isCut(): boolean {
    const { octets, from, section } = this.#blocks;
    const originalLength =
      this.#clock === undefined
        ? this.#originalLength
        : word(octets, from + EnhancedPacketBody.originalLength, section.littleEndian);
    return originalLength > this.to - this.from;
  }

  get at(): bigint {
    const { octets, from, section } = this.#blocks;
    if (this.#clock === undefined) return this.#at;
    return enhancedPacketTime(octets, from, section.littleEndian, this.#clock);
  }

  #showInPlace(): boolean {
    const { type, octets, from, to, section } = this.#blocks;
    if (type !== BlockType.enhancedPacket || to - from < EnhancedPacketBody.octets) return false;
    const { littleEndian, interfaces } = section;
    const captor = interfaces[word(octets, from + EnhancedPacketBody.interfaceId, littleEndian)];
    const length = word(octets, from + EnhancedPacketBody.capturedLength, littleEndian);
    const start = from + EnhancedPacketBody.octets;
    const hasOptions = start + padded(length) + Option.value <= to;
    if (captor === undefined || length > greatestCapturedLength || start + length > to || hasOptions) return false;
    this.octets = octets;
    this.from = start;
    this.to = start + length;
    this.linkType = captor.linkType;
    this.#clock = captor.clock;
    return true;
  }

  #showRead(): boolean {
    const { type, body, section } = this.#blocks;
    const record = readBlock(type, body, section, this.#report);
    if (record === undefined) return false;
    if (isMalformed(record)) {
      this.#report(record);
      return false;
    }
    if (record.record !== 'frame') return false;
    const { frame } = record;
    this.octets = frame.octets;
    this.from = 0;
    this.to = frame.octets.length;
    this.linkType = frame.linkType;
    this.#at = frame.at;
    this.#originalLength = frame.originalLength;
    this.#clock = undefined;
    return true;
  }
}
