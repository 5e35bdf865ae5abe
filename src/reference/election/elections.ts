/** Which election a profile uses. */
import type { Stack } from '../stack.js';
import { breakBeforeMake } from './break-before-make.js';
import { classic } from './classic.js';
import { downgrade } from './downgrade.js';
import type { Election, ElectionChoice } from './election.js';
import { enhanced } from './enhanced.js';
import { pathSelection } from './path-selection.js';
import { simultaneous } from './simultaneous.js';

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
      return version === 0 ? downgrade(stack) : classic;
    case 'robe-bbm':
      return version === 0 ? breakBeforeMake(stack) : classic;
    case 'robe-timer':
      return timer;
    case 'robe-sim':
      return simultaneous;
    case 'robe-esim':
      return enhanced(stack);
    case 'robe-ips':
      return pathSelection(stack, paths, timer);
  }
};
