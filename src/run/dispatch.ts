/**
 * Hands each frame of a shared link to the case whose tester address it is for. Reads nothing of a frame but its
 * destination, so a run with hundreds of cases costs each frame one look-up.
 */
import type { Arrival, Link } from '../net/link/link.js';
import { destinationKey, keyOfAddress } from './destination.js';

export interface Dispatch {
  /** Gives a case the frames to these addresses. An address belongs to one case at a time. */
  claim(addresses: readonly string[], listener: (arrival: Arrival) => void): () => void;
  /** Whether an address belongs to any case now, for answering neighbours. */
  claims(address: string): boolean;
  /** Frames for no case's address so far. */
  readonly strays: () => number;
}

export const dispatchFrames = (link: Link): Dispatch => {
  const owners = new Map<string, (arrival: Arrival) => void>();
  let strays = 0;
  link.subscribe((arrival) => {
    const key = destinationKey(arrival.frame);
    const owner = key === undefined ? undefined : owners.get(key);
    if (owner === undefined) strays += 1;
    else owner(arrival);
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
    claims: (address) => owners.has(keyOfAddress(address)),
    strays: () => strays,
  };
};
