/** A walk and the copies are two readings of the same file: whatever its format, and however it comes in, they agree. */
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { toHex } from '../../protocol/bytes/hex.js';
import { encodePcapng, type FrameToWrite } from './pcapng/write-pcapng.js';
import { readCapture, walkCapture } from './read-capture.js';

const octetsOf = (length: number): Uint8Array => new Uint8Array(length).map((_, index) => (length + index) % 251);

/** Plain packets, one with a comment, one with a direction, an empty one. */
const frames: readonly FrameToWrite[] = [60, 1514, 0, 61, 62, 63, 900].map((length, index) => ({
  interfaceIndex: index % 2,
  at: 1_700_000_000_000_000_001n + BigInt(index),
  octets: octetsOf(length),
  ...(index === 1 ? { comments: ['said'] } : {}),
  ...(index === 3 ? { direction: 'inbound' as const } : {}),
}));

const pcapng = encodePcapng({ application: 'test', interfaces: [{ name: 'a' }, { name: 'b' }], frames });

const pcap = (magic: number, littleEndian: boolean): Uint8Array => {
  const octets = new Uint8Array(24 + frames.reduce((sum, frame) => sum + 16 + frame.octets.length, 0));
  const view = new DataView(octets.buffer);
  view.setUint32(0, magic, littleEndian);
  view.setUint16(4, 2, littleEndian);
  view.setUint32(20, 1, littleEndian);
  let at = 24;
  for (const [index, frame] of frames.entries()) {
    view.setUint32(at, 1_700_000_000, littleEndian);
    view.setUint32(at + 4, index, littleEndian);
    view.setUint32(at + 8, frame.octets.length, littleEndian);
    octets.set(frame.octets, at + 16);
    at += 16 + frame.octets.length;
  }
  return octets;
};

/** A simple packet, which has no time and no length of its own, after the others. */
const simple = Uint8Array.of(3, 0, 0, 0, 20, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4, 20, 0, 0, 0);

const files: readonly { readonly name: string; readonly octets: Uint8Array }[] = [
  { name: 'pcapng', octets: pcapng },
  { name: 'pcapng with a simple packet', octets: Uint8Array.of(...pcapng, ...simple) },
  { name: 'two sections of pcapng', octets: Uint8Array.of(...pcapng, ...pcapng) },
  { name: 'pcapng that is cut', octets: pcapng.subarray(0, pcapng.length - 5) },
  { name: 'pcapng with a wrong length', octets: pcapng.map((octet, at) => (at === pcapng.length - 3 ? 9 : octet)) },
  { name: 'pcap in microseconds', octets: pcap(0xa1b2c3d4, true) },
  { name: 'pcap in nanoseconds, big-endian', octets: pcap(0xa1b23c4d, false) },
  { name: 'pcap that is cut', octets: pcap(0xa1b2c3d4, true).subarray(0, 1700) },
  { name: 'pcap with an impossible length', octets: pcap(0xa1b2c3d4, true).map((o, at) => (at === 24 + 11 ? 9 : o)) },
  { name: 'packed pcapng', octets: gzipSync(pcapng) },
  { name: 'no capture', octets: octetsOf(40) },
];

async function* chunks(octets: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

interface Reading {
  readonly frames: readonly unknown[];
  readonly problems: readonly unknown[];
}

const copied = async (octets: Uint8Array, size: number): Promise<Reading> => {
  const all: unknown[] = [];
  const problems: unknown[] = [];
  for await (const frame of readCapture(chunks(octets, size), (problem) => problems.push(problem)))
    all.push({ linkType: frame.linkType, at: frame.at, octets: toHex(frame.octets) });
  return { frames: all, problems };
};

const walked = async (octets: Uint8Array, size: number): Promise<Reading> => {
  const all: unknown[] = [];
  const problems: unknown[] = [];
  for await (const walk of walkCapture(chunks(octets, size), (problem) => problems.push(problem)))
    while (walk.next())
      all.push({ linkType: walk.linkType, at: walk.at, octets: toHex(walk.octets.slice(walk.from, walk.to)) });
  return { frames: all, problems };
};

describe('a walk over the frames of a capture', () => {
  for (const { name, octets } of files)
    it(`shows what is copied of ${name}`, async () => {
      const expected = await copied(octets, octets.length);
      for (const size of [1, 7, 100, octets.length]) expect(await walked(octets, size)).to.deep.equal(expected);
    });
});
