/** Properties: what is encoded decodes to itself, a second encoder agrees, and no octets whatever are lost or throw. */
import { expect } from 'chai';
import fc from 'fast-check';
import { toHex } from '../bytes/hex.js';
import { anyDraft, anyOption } from '../testing/arbitrary.js';
import { naiveFrame } from '../testing/naive-codec.js';
import { decodeFrame, encodeTcpFrame } from './frame.js';
import type { TcpDraft } from './packet.js';
import { decodeOptions, encodeOption, encodeOptions, optionsLength } from './tcp-options.js';

const fits = (draft: TcpDraft): boolean => optionsLength(draft.tcp.options ?? []) <= 40;

describe('round trips', () => {
  it('every option decodes to itself', () => {
    fc.assert(
      fc.property(anyOption, (option) => {
        expect(decodeOptions(encodeOption(option), { rst: true })).to.deep.equal([option]);
      }),
      { numRuns: 5000 },
    );
  });

  it('every draft decodes to itself with a valid checksum', () => {
    fc.assert(
      fc.property(anyDraft.filter(fits), (draft) => {
        const packet = decodeFrame(encodeTcpFrame(draft));
        if (packet.kind !== 'tcp') return expect.fail(packet.kind);
        const { options = [], ...plain } = draft.tcp;
        expect(packet.ethernet).to.include(draft.ethernet);
        expect(packet.ip).to.include(draft.ip);
        expect(packet.tcp).to.deep.include(plain);
        expect(packet.tcp.checksumState).to.equal('valid');
        expect(packet.tcp.options.slice(0, options.length)).to.deep.equal(options);
        expect(toHex(encodeTcpFrame(packet))).to.equal(toHex(encodeTcpFrame(draft)));
      }),
      { numRuns: 2000 },
    );
  });

  it('a second, naive encoder writes the same octets', () => {
    fc.assert(
      fc.property(anyDraft.filter(fits), (draft) => {
        expect(toHex(encodeTcpFrame(draft))).to.equal(naiveFrame(draft));
      }),
      { numRuns: 2000 },
    );
  });

  it('any octets as an option list come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10 }), fc.constantFrom(1, 2, 4), fc.boolean(), (octets, repeat, rst) => {
        const list = new Uint8Array(octets.length * 4 * repeat);
        for (let at = 0; at < list.length; at += octets.length) list.set(octets, at);
        expect(toHex(encodeOptions(decodeOptions(list, { rst })))).to.equal(toHex(list));
      }),
      { numRuns: 5000 },
    );
  });

  it('any octets as a frame decode to something', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(0x0800, 0x86dd, 0x0806, 0x8100),
        (octets, type) => {
          const frame = octets.slice();
          if (frame.length > 14) frame.set([type >> 8, type & 0xff, type === 0x0800 ? 0x45 : 0x60], 12);
          expect(decodeFrame(frame).kind).to.be.a('string');
        },
      ),
      { numRuns: 5000 },
    );
  });
});
