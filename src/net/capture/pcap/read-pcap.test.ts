/** Classic pcap files of every byte order and resolution, and everything that can be wrong with one. */
import { expect } from 'chai';
import { toHex } from '../../../protocol/bytes/hex.js';
import type { Malformed } from '../../../protocol/bytes/malformed.js';
import type { CapturedFrame } from '../captured-frame.js';
import { readCapture } from '../read-capture.js';

interface Variant {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
}

interface Entry {
  readonly seconds: number;
  readonly fraction: number;
  readonly octets: Uint8Array;
  readonly originalLength?: number;
  readonly capturedLength?: number;
}

/** A file put together number by number. */
const pcap = ({ littleEndian, nanoseconds }: Variant, entries: readonly Entry[], major = 2): Uint8Array => {
  const octets = new Uint8Array(24 + entries.reduce((sum, entry) => sum + 16 + entry.octets.length, 0));
  const view = new DataView(octets.buffer);
  view.setUint32(0, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, littleEndian);
  view.setUint16(4, major, littleEndian);
  view.setUint16(6, 4, littleEndian);
  view.setUint32(16, 65535, littleEndian);
  view.setUint32(20, 1, littleEndian);
  let at = 24;
  for (const {
    seconds,
    fraction,
    octets: frame,
    originalLength = frame.length,
    capturedLength = frame.length,
  } of entries) {
    for (const [i, value] of [seconds, fraction, capturedLength, originalLength].entries())
      view.setUint32(at + i * 4, value, littleEndian);
    octets.set(frame, at + 16);
    at += 16 + frame.length;
  }
  return octets;
};

async function* chunks(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

const readAll = async (
  octets: Uint8Array,
  size = 1 << 20,
): Promise<{ frames: CapturedFrame[]; problems: Malformed[] }> => {
  const frames: CapturedFrame[] = [];
  const problems: Malformed[] = [];
  for await (const frame of readCapture(chunks(octets, size), (problem) => problems.push(problem))) frames.push(frame);
  return { frames, problems };
};

const entries: readonly Entry[] = [
  { seconds: 1700000000, fraction: 123456, octets: Uint8Array.of(1, 2, 3) },
  { seconds: 1700000001, fraction: 999999, octets: new Uint8Array(0), originalLength: 60 },
  { seconds: 0xffffffff, fraction: 0, octets: new Uint8Array(100_000).fill(7) },
];
const plain: Variant = { littleEndian: true, nanoseconds: false };

describe('classic pcap', () => {
  for (const littleEndian of [true, false])
    for (const nanoseconds of [false, true])
      for (const size of [1 << 20, 1000, 7])
        it(`${littleEndian ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds, in chunks of ${size}`, async () => {
          const { frames, problems } = await readAll(pcap({ littleEndian, nanoseconds }, entries), size);
          expect(problems).to.deep.equal([]);
          expect(frames.map(({ octets }) => toHex(octets))).to.deep.equal(entries.map(({ octets }) => toHex(octets)));
          expect(frames.map(({ originalLength }) => originalLength)).to.deep.equal([3, 60, 100_000]);
          const unit = nanoseconds ? 1n : 1000n;
          expect(frames.map(({ at }) => at)).to.deep.equal([
            1700000000_000000000n + 123456n * unit,
            1700000001_000000000n + 999999n * unit,
            0xffffffffn * 1_000000000n,
          ]);
          expect(frames[0]).to.include({ interfaceIndex: 0, linkType: 1 });
        });

  it('gives frames that later reading does not change', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => ({
      seconds: i,
      fraction: 0,
      octets: new Uint8Array(60).fill(i),
    }));
    const { frames } = await readAll(pcap(plain, many), 4096);
    expect(frames.length).to.equal(3000);
    for (const [i, { octets }] of frames.entries()) expect(octets[59]).to.equal(i & 0xff);
  });

  for (const nanoseconds of [false, true])
    it(`reports a cut anywhere, ${nanoseconds ? 'nano' : 'micro'}seconds`, async () => {
      const whole = pcap({ littleEndian: true, nanoseconds }, entries.slice(0, 2));
      /** Lengths at which the file ends between records, and the frames it then has. */
      const complete = new Map([
        [24, 0],
        [24 + 16 + 3, 1],
        [whole.length, 2],
      ]);
      for (let length = 1; length <= whole.length; length++) {
        const { frames, problems } = await readAll(whole.subarray(0, length));
        const count = complete.get(length);
        expect(problems.length, `${length} octets`).to.equal(count === undefined ? 1 : 0);
        if (count !== undefined) expect(frames.length).to.equal(count);
      }
    });

  it('names the place of a cut', async () => {
    const { frames, problems } = await readAll(pcap(plain, entries.slice(0, 1)).subarray(0, 42));
    expect(frames).to.deep.equal([]);
    expect(problems).to.deep.equal([
      { path: 'pcap/record/octets', offset: 24, why: 'the file ends inside a record: 18 octets left, 19 needed' },
    ]);
  });

  it('stops at a captured length that cannot be, without reading on', async () => {
    const good = { seconds: 1, fraction: 0, octets: Uint8Array.of(9) };
    const bad = { seconds: 2, fraction: 0, octets: new Uint8Array(8_000_000), capturedLength: 0xfffffff0 };
    const { frames, problems } = await readAll(pcap(plain, [good, bad]), 4096);
    expect(frames.length).to.equal(1);
    expect(problems.map(({ path, offset }) => [path, offset])).to.deep.equal([
      ['pcap/record/captured_length', 24 + 17 + 8],
    ]);
  });

  it('reports a version it does not know', async () => {
    const { frames, problems } = await readAll(pcap(plain, entries, 3));
    expect(frames).to.deep.equal([]);
    expect(problems[0]).to.include({ path: 'pcap/version', why: 'version 3, 2 is known' });
  });

  it('reports what is no capture, and an empty file', async () => {
    expect((await readAll(new TextEncoder().encode('hello'))).problems[0]?.why).to.match(
      /^not a capture: it starts with 68656c6c/,
    );
    expect((await readAll(new Uint8Array(0))).problems).to.deep.equal([
      { path: 'file', offset: 0, why: 'the file is empty' },
    ]);
  });
});
