/** Which election a profile uses. */
import type { EstablishmentProfile } from '../contract.js';
import type { Stack } from '../stack.js';
import { breakBeforeMake } from './break-before-make.js';
import { classic } from './classic.js';
import { downgrade } from './downgrade.js';
import type { Election } from './election.js';
import { enhanced } from './enhanced.js';
import { pathSelection } from './path-selection.js';
import { simultaneous } from './simultaneous.js';

interface ElectionChoice {
  readonly profile: EstablishmentProfile;
  readonly version: 0 | 1;
  /** In the order in which they are to be used. */
  readonly paths: readonly number[];
}

export const electionFor = (stack: Stack, choice: ElectionChoice, timer: Election): Election => {
  const { profile, version, paths } = choice;
  // ROBE-INT-07: with one usable interface every client is a classic one.
  if (paths.length < 2) return classic;
  switch (profile) {
    case 'tcp':
    case 'mptcp':
      return classic;
    case 'robe-downgrade':
      // I-06: a v1 SYN has no key to correlate, so proposals 1 and 2 are for v0; in v1 the client is a classic one.
      return version === 0 ? downgrade : classic;
    case 'robe-bbm':
      return version === 0 ? breakBeforeMake : classic;
    case 'robe-timer':
      return timer;
    case 'robe-sim':
      return simultaneous;
    case 'robe-esim':
      return enhanced;
    case 'robe-ips':
      return pathSelection(stack, paths, timer);
  }
};
