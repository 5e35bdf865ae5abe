/** INV-16: both ends take the same flow for the initial one. */
import type { Violation } from '../ledger.js';
import type { Pair } from '../pair.js';
import { isExcepted } from './exceptions.js';
import type { Ends } from './flow-progress.js';

export const sameInitial = ({ client, server }: Ends, pair: Pair): readonly Violation[] => {
  const [here, there] = [client.ledger.initial, server.ledger.initial];
  if (here === there || isExcepted('INV-16', pair)) return [];
  return [{ invariant: 'INV-16', what: `the initial flow is ${here} at the client and ${there} at the server` }];
};
