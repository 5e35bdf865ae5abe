/**
 * Hands each frame of a shared link to the case whose tester address it is for. Reads nothing of a frame but its
 * destination, so a run with hundreds of cases costs each frame one look-up.
 */

import { destinationKey, keyOfAddress } from '../net/link/frame-ends.js';
import type { Arrival, Link } from '../net/link/link.js';

export interface Dispatch {
  /** Gives a case the frames to these addresses. An address belongs to one case at a time. */
  claim(addresses: readonly string[], listener: (arrival: Arrival) => void): () => void;
  /** Takes no more frames from the link. */
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
