/**
 * A walk over the buffered blocks of a pcapng file: sections of either byte order, whose headers are read here, and
 * blocks whose two lengths agree. If no next block can be found, `problem` gives the reason.
 */
import { isMalformed, type Malformed, malformed } from '../../../protocol/bytes/malformed.js';
import { noOctets, uint32 } from '../../../protocol/bytes/octets.js';
import { word } from '../word.js';
import { BlockFrame, BlockType, byteOrderMagic, wordSize } from './block.js';
import type { BlockBody } from './block-body.js';
import type { Section } from './section.js';

/** A longer block is a damaged length; names and comments of a whole run fit many times over. */
const greatestBlockLength = 16 * 1024 * 1024;
const leastBlockLength = BlockFrame.body + BlockFrame.trailer;

/** Whether the octets at `at` are the type of a section header, which reads the same in either byte order. */
export const startsSection = (octets: Uint8Array, at: number): boolean => uint32(octets, at) === BlockType.section;

export class BlockWalk {
  octets: Uint8Array = noOctets;
  type = 0;
  /** Where the body of the block starts and ends. */
  from = 0;
  to = 0;
  /** The section of the block. */
  section: Section = { littleEndian: true, base: 0, interfaces: [] };
  /** Octets of the blocks so far. */
  read = 0;
  /** Octets that the next block needs, as far as known, when no whole block is left. */
  needed = 0;
  problem: Malformed | undefined;
  #offset = 0;

  /** Starts again before octets from `offset` in the file. */
  over(octets: Uint8Array, offset: number): this {
    this.octets = octets;
    this.#offset = offset;
    this.read = 0;
    return this;
  }

  /** Moves to the next block; false when none is whole, or none can be found. */
  next(): boolean {
    const { octets, read: at } = this;
    this.needed = leastBlockLength;
    if (octets.length - at < leastBlockLength) return false;
    if (startsSection(octets, at)) {
      const found = this.#sectionAt(at);
      if (isMalformed(found)) return this.#endBy(found);
      this.section = found;
    }
    const { littleEndian } = this.section;
    const length = word(octets, at + BlockFrame.length, littleEndian);
    if (length < leastBlockLength || length % wordSize !== 0 || length > greatestBlockLength)
      return this.#endBy(impossibleLength(length, this.#offset + at));
    this.needed = length;
    if (at + length > octets.length) return false;
    const trailer = at + length - BlockFrame.trailer;
    const again = word(octets, trailer, littleEndian);
    if (again !== length)
      return this.#endBy(
        malformed('pcapng/block/trailer', this.#offset + trailer, `length ${again}, ${length} in front`),
      );
    this.type = word(octets, at + BlockFrame.type, littleEndian);
    this.from = at + BlockFrame.body;
    this.to = trailer;
    this.read = at + length;
    return true;
  }

  /** The body of the block as a value. */
  get body(): BlockBody {
    const { octets, from, to, section } = this;
    return { octets: octets.subarray(from, to), littleEndian: section.littleEndian, offset: this.#offset + from };
  }

  /** The section that starts here; reading its header a second time, when it was not whole at first, gives the same. */
  #sectionAt(at: number): Section | Malformed {
    const magicAt = at + BlockFrame.body;
    const littleEndian = [true, false].find((order) => word(this.octets, magicAt, order) === byteOrderMagic);
    if (littleEndian === undefined)
      return malformed('pcapng/section/magic', this.#offset + magicAt, 'no byte-order magic number');
    return { littleEndian, base: this.section.base + this.section.interfaces.length, interfaces: [] };
  }

  #endBy(problem: Malformed): false {
    this.problem = problem;
    return false;
  }
}

const impossibleLength = (length: number, start: number): Malformed =>
  malformed(
    'pcapng/block/length',
    start + BlockFrame.length,
    `length ${length}, a multiple of ${wordSize} from ${leastBlockLength} to ${greatestBlockLength} needed`,
  );
