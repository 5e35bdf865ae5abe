/** A short run of what `npm run fuzz` does at length. */
import { expect } from 'chai';
import { toHex } from '../bytes/hex.js';
import { capturedFrames } from './captured-frames.js';
import { checkFrame } from './check-frame.js';
import { chooser, mutate } from './mutations.js';
import { seedFrames } from './seeds.js';

describe('mutated frames', () => {
  const frames = [...seedFrames, ...capturedFrames];

  it('start from frames that are right', () => {
    for (const frame of frames) {
      const { kind, broken } = checkFrame(frame);
      expect([kind === 'malformed', broken], toHex(frame)).to.deep.equal([false, undefined]);
    }
  });

  it('are decoded and given back, all of them', () => {
    const choose = chooser(7);
    const pick = (): Uint8Array => frames[choose(frames.length)] ?? new Uint8Array(0);
    const kinds = new Set<string>();
    for (let n = 0; n < 20_000; n++) {
      const frame = mutate(pick(), choose, pick());
      const { kind, broken } = checkFrame(frame);
      expect(broken, toHex(frame)).to.equal(undefined);
      kinds.add(kind);
    }
    expect([...kinds].sort()).to.deep.equal(['arp', 'icmp', 'malformed', 'nd', 'other', 'tcp']);
  });

  it('are the same for the same seed', () => {
    const one = chooser(3);
    const two = chooser(3);
    for (const frame of frames) expect(toHex(mutate(frame, one, frame))).to.equal(toHex(mutate(frame, two, frame)));
  });
});
