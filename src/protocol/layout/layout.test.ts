/** Every option by its layout and by the codec that is used for it: the same octets, the same values, the same refusals. */
import { expect } from 'chai';
import fc from 'fast-check';
import { toHex } from '../bytes/hex.js';
import { isMalformed } from '../bytes/malformed.js';
import type { MptcpLayout } from '../mptcp/mptcp-option.js';
import { mptcpLayouts } from '../mptcp/option.js';
import { anyOptionOf } from '../testing/arbitrary.js';
import { optionLayouts, type TcpOption } from '../wire/tcp-option.js';
import { decodeOptions, encodeOption } from '../wire/tcp-options.js';
import { layoutCodec } from './codec.js';
import type { Layout, OptionCodec, OptionRecord } from './layout.js';

/** A number that no option has, so that an option written with the wrong one shows. */
const number = 0x7;

function encode(codec: OptionCodec<OptionRecord>, option: OptionRecord): string {
  const length = codec.length(option);
  const octets = new Uint8Array(length + 4).fill(0xa5);
  expect(codec.write(option, octets, 2, number), 'octets written').to.equal(length);
  expect(toHex(octets.subarray(0, 2)) + toHex(octets.subarray(length + 2)), 'what stands around').to.equal('a5a5a5a5');
  return toHex(octets.subarray(2, length + 2));
}

const decode = (codec: OptionCodec<OptionRecord>, octets: Uint8Array): OptionRecord | 'malformed' => {
  const option = codec.decode(octets, 0, octets.length);
  return isMalformed(option) ? 'malformed' : option;
};

describe('the codecs by hand', () => {
  for (const layout of mptcpLayouts as readonly MptcpLayout[]) {
    const byLayout = layoutCodec(layout as Layout);
    it(`${layout.option} is written and read as its layout says`, () => {
      fc.assert(
        fc.property(anyOptionOf(layout), (option) => {
          const octets = encode(byLayout, option);
          expect(encode(layout.codec, option)).to.equal(octets);
          expect(decode(byLayout, Buffer.from(octets, 'hex'))).to.deep.equal(option);
          expect(decode(layout.codec, Buffer.from(octets, 'hex'))).to.deep.equal(option);
        }),
      );
    });

    it(`${layout.option} is refused or read alike, whatever the octets`, () => {
      fc.assert(
        fc.property(anyOptionOf(layout), fc.uint8Array({ maxLength: 4 }), fc.nat(3), (option, other, less) => {
          const right = Buffer.from(encode(byLayout, option), 'hex');
          const octets = Buffer.concat([right.subarray(0, Math.max(3, right.length - less)), other]);
          octets[3 % octets.length] = other[0] ?? 0;
          expect(decode(layout.codec, octets)).to.deep.equal(decode(byLayout, octets));
        }),
      );
    });
  }

  for (const layout of optionLayouts.filter(({ option }) => !mptcpLayouts.some((each) => each.option === option)))
    it(`${layout.option} is written and read as its layout says`, () => {
      const byLayout = layoutCodec(layout);
      fc.assert(
        fc.property(anyOptionOf(layout), (option) => {
          const octets = encodeOption(option as TcpOption);
          expect(toHex(octets)).to.equal(encode(byLayout, option));
          expect(decode(byLayout, octets)).to.deep.equal(option);
        }),
      );
    });

  it('an option of another kind than its layout is none of it', () => {
    expect(decodeOptions(Buffer.from('02040101', 'hex'), { rst: false })).to.deep.equal([
      { option: 'mss', value: 257 },
    ]);
  });
});
