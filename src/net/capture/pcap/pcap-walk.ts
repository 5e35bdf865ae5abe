/** A walk over whole records of a classic pcap file. */
import { noOctets } from '../../../protocol/bytes/octets.js';
import type { FrameWalk } from '../frame-walk.js';
import { capturedLengthOf, type FileHeader, originalLengthOf, timeOf } from './file-header.js';

export class PcapWalk implements FrameWalk {
  octets: Uint8Array = noOctets;
  from = 0;
  to = 0;
  readonly linkType: number;
  readonly #file: FileHeader;

  constructor(file: FileHeader) {
    this.#file = file;
    this.linkType = file.linkType;
  }

  /** Starts again before records that are whole and whose lengths are possible. */
  over(records: Uint8Array): this {
    this.octets = records;
    this.to = 0;
    return this;
  }

  next(): boolean {
    const record = this.to;
    if (record >= this.octets.length) return false;
    this.from = record + this.#file.recordHeader;
    this.to = this.from + capturedLengthOf(this.octets, record, this.#file);
    return true;
  }

  get isCut(): boolean {
    return originalLengthOf(this.octets, this.from - this.#file.recordHeader, this.#file) > this.to - this.from;
  }

  get at(): bigint {
    return timeOf(this.octets, this.from - this.#file.recordHeader, this.#file);
  }
}
