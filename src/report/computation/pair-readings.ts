/** Readings of two values put one after the other, as keys and nonces are: exchanged, left out, doubled, cut, reversed. */
import type { Variant } from './reading.js';

/**
 * Both values as octets, in the order and completeness of each variant, the right one first. `what` is the name of one in
 * messages.
 */
export const pairReadings = (own: Uint8Array, other: Uint8Array, what: string): readonly Variant<Uint8Array>[] => {
  const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
  const [ownHalf, otherHalf] = [own.length / 2, other.length / 2];
  return [
    { value: join(own, other) },
    { value: join(other, own), wrong: `the ${what}s in the wrong order` },
    { value: own, wrong: `only its own ${what}` },
    { value: other, wrong: `only the other end's ${what}` },
    { value: join(own, own), wrong: `its own ${what} twice` },
    { value: join(other, other), wrong: `the other end's ${what} twice` },
    { value: join(own.toReversed(), other.toReversed()), wrong: `the ${what}s in little-endian order` },
    {
      value: join(own.subarray(0, ownHalf), other.subarray(0, otherHalf)),
      wrong: `only the first half of each ${what}`,
    },
    { value: join(own.subarray(ownHalf), other.subarray(otherHalf)), wrong: `only the second half of each ${what}` },
    { value: join(), wrong: `no ${what} at all` },
  ];
};
