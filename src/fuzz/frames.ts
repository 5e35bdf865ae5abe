/** Frames through the decoder: the codec is total, and gives back the octets that it read. */
import { capturedFrames } from '../protocol/fuzz/captured-frames.js';
import { checkFrame } from '../protocol/fuzz/check-frame.js';
import { mutate } from '../protocol/fuzz/mutations.js';
import { seedFrames } from '../protocol/fuzz/seeds.js';
import type { Reader } from './reader.js';

export const frames: Reader = {
  name: 'frames',
  promises: 'a frame is decoded, described, and encoded to the octets it came from',
  batch: 20_000,
  originals: () => [...seedFrames, ...capturedFrames],
  damage: mutate,
  read: (input) => checkFrame(input).broken,
};
