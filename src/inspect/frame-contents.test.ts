/**
 * Frames of every kind, cut and damaged in every way: each is accounted for once, nothing throws, and what a snap length cut off
 * is never called malformed.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import fc from 'fast-check';
import type { CapturedFrame } from '../net/capture/captured-frame.js';
import { decodeCaptured } from '../net/capture/decode-captured.js';
import { LinkType } from '../net/capture/link/link-type.js';
import { readCapture } from '../net/capture/read-capture.js';
import { SegmentView } from '../protocol/wire/segment-view.js';
import { FrameContents, type FrameCounts } from './frame-contents.js';

const directory = fileURLToPath(new URL('../../fixtures/captures/kinds', import.meta.url));

/** How often each fate befell the frames. */
const fates = (contents: FrameContents, segments: number): number => {
  const { malformed, cut, fragments, other, unread } = contents.counts();
  const sum = (by: FrameCounts['other']): number => Object.values(by).reduce((total, each) => total + each, 0);
  return segments + malformed + cut + fragments + sum(other) + sum(unread);
};

const sought = (frames: readonly Pick<CapturedFrame, 'linkType' | 'octets'>[], isCut: boolean) => {
  const contents = new FrameContents(new SegmentView());
  const segments = frames.filter(({ linkType, octets }) =>
    contents.seek({ linkType, octets, from: 0, to: octets.length, isCut }),
  ).length;
  expect(fates(contents, segments)).to.equal(frames.length);
  return { ...contents.counts(), segments };
};

describe('contents of frames', () => {
  /** Of each kind the longest frame. */
  const samples: CapturedFrame[] = [];
  before(async () => {
    for (const file of readdirSync(directory)) {
      let longest: CapturedFrame | undefined;
      for await (const frame of readCapture(join(directory, file), () => {}))
        if (frame.octets.length > (longest?.octets.length ?? 0)) longest = frame;
      if (longest !== undefined) samples.push(longest);
    }
    expect(samples.length).to.be.greaterThan(100);
  });

  it('are cut, not malformed, whatever the snap length', () => {
    for (const { linkType, octets } of samples) {
      const pieces = Array.from(octets, (_, length) => ({ linkType, octets: octets.subarray(0, length) }));
      expect(sought(pieces, true).malformed).to.equal(0);
      for (const piece of pieces) decodeCaptured(piece.linkType, piece.octets);
    }
  });

  it('never throw, whatever is damaged, and are accounted for once', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.nat(samples.length - 1), damage, (at, changes) => {
        const sample = samples[at];
        if (sample === undefined) return;
        const octets = sample.octets.slice();
        for (const [place, octet] of changes) octets[place % octets.length] = octet;
        sought([{ ...sample, octets }], false);
        decodeCaptured(sample.linkType, octets);
      }),
      { numRuns: 5000, seed: 7 },
    );
  });

  it('come to an end, however many headers a hostile frame nests', () => {
    const most = 262_144;
    const nested = (header: readonly number[]): Uint8Array =>
      Uint8Array.from({ length: most }, (_, at) => header[(at + header.length - 14) % header.length] ?? 0);
    const tags = nested([0x81, 0x00, 0x00, 0x05]);
    const gre = nested([0x00, 0x00, 0x65, 0x58, ...new Array<number>(12).fill(2), 0x08, 0x00]);
    const labels = nested([0x00, 0x01, 0x00, 0x40]);
    labels.set([0x88, 0x47], 12);
    const started = process.cpuUsage().user;
    const frames = Array.from({ length: 100 }, () => [tags, gre, labels]).flat();
    const { segments } = sought(
      frames.map((octets) => ({ linkType: LinkType.ethernet, octets })),
      false,
    );
    expect(segments).to.equal(0);
    expect(process.cpuUsage().user - started).to.be.lessThan(2_000_000);
  });
});
