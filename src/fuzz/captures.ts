/**
 * Capture files through both readers and the inspection. Both readers see the same frames, for any damage to the file and
 * any division of its octets into chunks.
 */
import { Inspector } from '../inspect/inspector.js';
import { encodePcapng } from '../net/capture/pcapng/write-pcapng.js';
import { readCapture, walkCapture } from '../net/capture/read-capture.js';
import { type Choose, mutate } from '../protocol/fuzz/mutations.js';
import { seedFrames } from '../protocol/fuzz/seeds.js';
import type { Reader } from './reader.js';

const framesOfFile = 6;
const pcapHeader = { magic: 0xa1b2c3d4, major: 2, minor: 4, snapLength: 65_535, linkType: 1 } as const;
const pieces = [1, 7, 64, 4096] as const;

/** A classic pcap of some frames. */
const pcapOf = (octets: readonly Uint8Array[], littleEndian: boolean): Uint8Array => {
  const words = (...values: readonly number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (const [index, value] of values.entries()) view.setUint32(4 * index, value, littleEndian);
    return new Uint8Array(view.buffer);
  };
  const { magic, major, minor, snapLength, linkType } = pcapHeader;
  const versions = littleEndian ? major | (minor << 16) : (major << 16) | minor;
  return new Uint8Array(
    Buffer.concat([
      words(magic, versions, 0, 0, snapLength, linkType),
      ...octets.flatMap((frame, index) => [words(index, 0, frame.length, frame.length), frame]),
    ]),
  );
};

const originals = (): readonly Uint8Array[] => {
  const files: Uint8Array[] = [];
  for (let at = 0; at < seedFrames.length; at += framesOfFile) {
    const some = seedFrames.slice(at, at + framesOfFile);
    files.push(pcapOf(some, true), pcapOf(some, false));
    files.push(
      encodePcapng({
        application: 'fuzz',
        comments: ['a comment'],
        interfaces: [{ name: 'path1', description: 'first' }, { name: 'path2' }],
        names: [{ address: '10.0.1.1', name: 'client' }],
        frames: some.map((octets, index) => ({
          interfaceIndex: index % 2,
          at: BigInt(index),
          octets,
          comments: ['one'],
        })),
      }),
    );
  }
  return files;
};

async function* inPieces(octets: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += length) yield octets.subarray(at, at + length);
}

interface Seen {
  readonly frames: readonly string[];
  readonly problems: number;
}

const fingerprint = (linkType: number, octets: Uint8Array): string =>
  `${linkType}:${octets.length}:${octets[0]}:${octets.at(-1)}`;

const readBySteps = async (input: Uint8Array, length: number): Promise<Seen> => {
  const seen: string[] = [];
  let problems = 0;
  for await (const { linkType, octets } of readCapture(inPieces(input, length), () => {
    problems += 1;
  }))
    seen.push(fingerprint(linkType, octets));
  return { frames: seen, problems };
};

const walk = async (input: Uint8Array, inspector: Inspector): Promise<Seen> => {
  const seen: string[] = [];
  let problems = 0;
  for await (const each of walkCapture(inPieces(input, input.length), () => {
    problems += 1;
  }))
    while (each.next()) {
      seen.push(fingerprint(each.linkType, each.octets.subarray(each.from, each.to)));
      inspector.take(each);
    }
  return { frames: seen, problems };
};

const read = async (input: Uint8Array): Promise<string | undefined> => {
  const inspector = new Inspector();
  const walked = await walk(input, inspector);
  inspector.requirements();
  if (inspector.counts().frames !== walked.frames.length) return 'the inspection counts other frames than it was given';
  for (const length of pieces) {
    const stepped = await readBySteps(input, length);
    if (stepped.frames.join() !== walked.frames.join())
      return `in pieces of ${length} there are ${stepped.frames.length} frames, in one ${walked.frames.length}, or others`;
    if (stepped.problems > 0 !== walked.problems > 0) return `in pieces of ${length} other problems are told`;
  }
  return undefined;
};

export const captures: Reader = {
  name: 'captures',
  promises: 'a capture file is read to its end or to the first fault, the same frames by every reader, and inspected',
  batch: 400,
  originals,
  damage: (original: Uint8Array, choose: Choose, other: Uint8Array) => mutate(original, choose, other),
  read,
};
