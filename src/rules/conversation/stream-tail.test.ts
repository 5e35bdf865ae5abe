import { expect } from 'chai';
import { StreamTail } from './stream-tail.js';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the tail of a stream', () => {
  it('tells other octets at a place that was sent, however they are cut', () => {
    const tail = new StreamTail();
    tail.add(0, octets('hello'));
    tail.add(5, octets('world'));
    expect(tail.agrees(3, octets('lowo'))).to.equal(true);
    expect(tail.agrees(3, octets('loWo'))).to.equal(false);
    expect(tail.agrees(8, octets('ldx'))).to.equal(true);
  });

  it('takes from a segment what is new of it', () => {
    const tail = new StreamTail();
    tail.add(0, octets('hello'));
    tail.add(2, octets('xxxyz'));
    expect(tail.agrees(0, octets('helloyz'))).to.equal(true);
  });

  it('begins anew beyond a gap, and says nothing of what it does not hold', () => {
    const tail = new StreamTail();
    tail.add(0, octets('hello'));
    tail.add(9, octets('far'));
    expect(tail.agrees(0, octets('other'))).to.equal(true);
    expect(tail.agrees(9, octets('fax'))).to.equal(false);
  });

  it('keeps the last 65,536 octets', () => {
    const tail = new StreamTail();
    const block = new Uint8Array(1000).map((_, index) => index % 251);
    for (let at = 0; at < 100_000; at += 1000) tail.add(at, block);
    expect(tail.agrees(99_000, block)).to.equal(true);
    expect(tail.agrees(40_000, block)).to.equal(true);
    expect(tail.agrees(40_000, block.with(7, 0))).to.equal(false);
    expect(tail.agrees(0, block.with(7, 0))).to.equal(true);
    tail.add(100_000, new Uint8Array(200_000).fill(9));
    expect(tail.agrees(299_999, Uint8Array.of(9))).to.equal(true);
    expect(tail.agrees(299_999, Uint8Array.of(8))).to.equal(false);
  });
});
