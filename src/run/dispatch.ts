/**
 * Passes each frame of a shared link to the case that has its destination address. It reads only the destination of a
 * frame, so in a run with hundreds of cases a frame costs one lookup.
 */

import { destinationKey, keyOfAddress } from '../net/link/frame-ends.js';
import type { Arrival, Link } from '../net/link/link.js';

export interface Dispatch {
  /** Passes frames for these addresses to a case. An address belongs to one case at a time. */
  claim(addresses: readonly string[], listener: (arrival: Arrival) => void): () => void;
  /** Stops taking frames from the link. */
  close(): void;
}

export const dispatchFrames = (link: Link): Dispatch => {
  const owners = new Map<string, (arrival: Arrival) => void>();
  const close = link.subscribe((arrival) => {
    const key = destinationKey(arrival.frame);
    const owner = key === undefined ? undefined : owners.get(key);
    owner?.(arrival);
  });
  return {
    claim(addresses, listener) {
      const keys = addresses.map(keyOfAddress);
      for (const key of keys) {
        if (owners.has(key)) throw new Error(`a tester address was given to two cases: ${addresses.join(', ')}`);
      }
      for (const key of keys) owners.set(key, listener);
      return () => {
        for (const key of keys) owners.delete(key);
      };
    },
    close,
  };
};
