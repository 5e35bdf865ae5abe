/**
 * Both ends of a segment's flow as 32-bit words, in the same order for either direction: addresses and ports as in the
 * headers, compared as numbers. One object is reused for all segments.
 */
import type { SegmentView } from '../../protocol/wire/segment-view.js';

/** Two IPv6 addresses and the two ports in one word. */
export const mostWords = 9;

export class FlowEnds {
  readonly words = new Int32Array(mostWords);
  /** Number of words in use. */
  length = 0;
  /** Whether the segment came from the first end. */
  sourceFirst = true;

  of(tcp: SegmentView): void {
    const { words } = this;
    this.length = tcp.readEnds(words);
    const half = this.length >> 1;
    const ports = words[2 * half] ?? 0;
    this.sourceFirst = inOrder(words, half, ports);
    if (this.sourceFirst) return;
    for (let word = 0; word < half; word++) {
      const other = words[word] ?? 0;
      words[word] = words[word + half] ?? 0;
      words[word + half] = other;
    }
    words[2 * half] = (ports << 16) | (ports >>> 16);
  }

  get hash(): number {
    let hash = this.length;
    for (let word = 0; word < this.length; word++) hash = Math.imul(hash ^ (this.words[word] ?? 0), 0x9e3779b1);
    return hash ^ (hash >>> 15);
  }

  /** A text that is unique to the flow. */
  get key(): string {
    const { words, length } = this;
    let key = '';
    // There are 3 or 9.
    for (let at = 0; at < length; at += 3) key += textOf(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0);
    return key;
  }
}

/**
 * Three words as one text, built in one step: concatenated pieces would be joined only at the first lookup, which is
 * slower.
 */
const textOf = (a: number, b: number, c: number): string =>
  String.fromCharCode(a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff);

/** Whether the source, in the first half of the addresses, is before the destination or equal to it. */
const inOrder = (words: Int32Array, half: number, ports: number): boolean => {
  for (let word = 0; word < half; word++) {
    const distance = (words[word] ?? 0) - (words[word + half] ?? 0);
    if (distance !== 0) return distance < 0;
  }
  return ports >>> 16 <= (ports & 0xffff);
};
