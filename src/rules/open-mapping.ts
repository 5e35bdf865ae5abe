/**
 * The payload of a data sequence mapping, summed as it arrives: a mapping may be longer than a segment, and its checksum
 * covers the whole mapping (RFC 8684 section 3.3.1). Payload must come in order; octets seen before are skipped.
 */
import { dssChecksum } from '../protocol/keys/dss-checksum.js';
import { addWords, complement } from '../protocol/wire/checksum.js';

/** The mapping as stated in an option. */
export interface StatedMapping {
  readonly dsn: bigint;
  /** Relative to the SYN. */
  readonly ssn: number;
  /** Including the octet of a DATA_FIN. */
  readonly dataLength: number;
  /** Without it. */
  readonly payloadLength: number;
}

/** A whole payload, with the sum over it, which the verification of the TCP checksum has computed. */
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

  /** Adds the payload of a segment that starts at `at`, relative to the SYN; false if earlier payload is missing. */
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

/** After an odd number of octets the octets of every word are swapped (RFC 1071 section 2). */
function swapped(sum: number): number {
  const folded = complement(sum) ^ 0xffff;
  return ((folded & 0xff) << 8) | (folded >> 8);
}
