/** The checksum against its definition: 16-bit words in network order, one after the other, wherever they lie in memory. */
import { expect } from 'chai';
import fc from 'fast-check';
import { addWords, complement } from './checksum.js';

/** RFC 1071 section 1, word by word. */
function defined(octets: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < octets.length; at += 2) {
    sum += (octets[at] ?? 0) * 256 + (octets[at + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum ^ 0xffff;
}

describe('the Internet checksum', () => {
  it('is that of RFC 1071 section 3', () => {
    const octets = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(complement(addWords(0, octets, 0, octets.length))).to.equal(0xddf2 ^ 0xffff);
  });

  it('does not depend on where the octets lie, nor on what lies around them', () => {
    const many = fc.uint8Array({ minLength: 0, maxLength: 400 });
    fc.assert(
      fc.property(many, fc.nat(9), fc.nat(9), fc.nat(9), (octets, before, offset, after) => {
        const buffer = new Uint8Array(before + offset + octets.length + after).fill(0xa5).buffer;
        const view = new Uint8Array(buffer, before);
        view.set(octets, offset);
        const sum = addWords(0, view, offset, offset + octets.length);
        expect(complement(sum)).to.equal(defined([...octets]));
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it('may be taken in parts of even length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 600 }), fc.nat(29), (octets, half) => {
        const first = addWords(0, octets, 0, 2 * half);
        const sum = addWords(first, octets, 2 * half, octets.length);
        expect(complement(sum)).to.equal(defined([...octets]));
      }),
      { numRuns: 300, seed: 2 },
    );
  });
});
