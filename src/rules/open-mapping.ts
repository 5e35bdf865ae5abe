/**
 * The payload of a data sequence mapping, summed up as it comes: a mapping may be longer than a segment, and its checksum
 * stands for all of it (RFC 8684 section 3.3.1). Payload must come in order; what was seen before is skipped.
 */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { addWords, complement } from '../protocol/wire/checksum.js';

/** What an option states of a mapping. */
export interface StatedMapping {
  readonly dsn: bigint;
  /** Relative to the SYN. */
  readonly ssn: number;
  /** With the octet of a DATA_FIN. */
  readonly dataLength: number;
  /** Without it. */
  readonly payloadLength: number;
}

/** A whole payload; the sum over all of it is at hand where the TCP checksum was verified. */
export interface Payload {
  readonly payload: Uint8Array;
  readonly payloadLength: number;
  /** Partial sum of its 16-bit words. */
  readonly payloadSum: number;
}

const noPayload = new Uint8Array(0);

export class OpenMapping {
  readonly dsn: bigint;
  readonly ssn: number;
  readonly payloadLength: number;
  readonly firstFrame: number;
  /** The checksum that the option carries. */
  readonly stated: number;
  #sum: number;
  #seen = 0;

  constructor(mapping: StatedMapping, stated: number, frame: number) {
    this.dsn = mapping.dsn;
    this.ssn = mapping.ssn;
    this.payloadLength = mapping.payloadLength;
    this.stated = stated;
    this.firstFrame = frame;
    this.#sum = 0xffff ^ dssChecksum(mapping, noPayload);
  }

  /** Whether all payload was seen. */
  get complete(): boolean {
    return this.#seen >= this.payloadLength;
  }

  /** The checksum over the pseudo-header and the payload seen. */
  get checksum(): number {
    return complement(this.#sum);
  }

  /** Adds the payload of a segment that starts at `at`, relative to the SYN; false when some before it is missing. */
  add(at: number, segment: Payload): boolean {
    const offset = (at - this.ssn) | 0;
    if (offset > this.#seen) return false;
    const from = this.#seen - offset;
    const until = Math.min(segment.payloadLength, this.payloadLength - offset);
    if (until <= from) return true;
    const isAll = from === 0 && until === segment.payloadLength;
    const added = isAll ? segment.payloadSum : addWords(0, segment.payload, from, until);
    this.#sum += this.#seen % 2 === 0 ? added : swapped(added);
    this.#seen += until - from;
    return true;
  }
}

/** After an odd number of octets every word of the sum stands the other way round (RFC 1071 section 2). */
function swapped(sum: number): number {
  const folded = complement(sum) ^ 0xffff;
  return ((folded & 0xff) << 8) | (folded >> 8);
}
