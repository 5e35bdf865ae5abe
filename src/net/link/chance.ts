/** Repeatable random numbers from 0 (included) to 1 (excluded) that depend only on a seed. Not for secrets. */
import { createHash } from 'node:crypto';

export type Chance = () => number;

/** The generator sfc32 (C. Doty-Humphrey, PractRand), its state taken from the SHA-256 of the seed. */
export const seededChance = (seed: string): Chance => {
  const digest = createHash('sha256').update(seed).digest();
  let a = digest.readUInt32BE(0);
  let b = digest.readUInt32BE(4);
  let c = digest.readUInt32BE(8);
  let counter = digest.readUInt32BE(12);
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
};
