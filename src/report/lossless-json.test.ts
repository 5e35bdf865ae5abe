import { expect } from 'chai';
import fc from 'fast-check';
import { readLossless, writeLossless } from './lossless-json.js';

describe('lossless JSON', () => {
  it('reads back what it wrote', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.bigInt(), fc.uint8Array(), fc.constant(null));
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        leaf,
        fc.array(tie('any')),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), tie('any'), { noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (each) => {
        expect(readLossless(writeLossless(each))).to.deep.equal(each);
      }),
    );
  });

  it('keeps maps and leaves out what is undefined', () =>
    expect(readLossless(writeLossless({ map: new Map([['a', 1n]]), gone: undefined }))).to.deep.equal({
      map: new Map([['a', 1n]]),
    }));

  it('refuses what cannot be kept', () => {
    expect(() => writeLossless({ n: Number.NaN })).to.throw(TypeError);
    expect(() => writeLossless(() => 1)).to.throw(TypeError);
  });
});
